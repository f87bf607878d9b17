"""Words with which a sentence goes on after somebody was called: “@Anna Could you…”; none of them is a surname.

They stand folded. Of languages in which charters are discussed these are the words that begin a question, a request, a
statement or an answer; what is missing here is taken for a surname, and whoever wrote it is told so.
"""


def _words(said: str) -> frozenset[str]:
    return frozenset(said.split())


BEGINNINGS = _words(
    """
    a aan aber about ach acho ademas after again agora agree agreed ah ahora ai ainda ainsi al algo alguem alguien
    algun all alla alle alleen alles allora alors already als also although always am an anche ancora and another
    antes any anyway ao aos apres are as asi assez at ate au auch auf aunque aus aussi avant avec avez avons ayer
    be beaucoup because bedankt before bei ben bene bent besides bien bij bin bist bitte boa bom bonjour both
    bravo bueno but by ca cada can can't cannot car ce cela ces cet cette che chez chi ci ciao claro com come
    comme comment como con concordo cosa cosi could couldn't credo creo cual cuando cuanto da daar dabei dafur
    dagegen daher dai dal dalla damit dan danach dank danke dann dans darf darum das dass dat dazu de dei dein
    deine del della dem den denn depois depuis der des desde deshalb dessa deste deux devemos devi deze di dich
    did didn't die dies diese dieser dieses dir dit do dobbiamo doch does doesn't don't donc donde door dopo dove
    dovremmo du durch e ecco een eens ein eine einen einer einverstanden either el ela ele eles ella elle elles
    ellos em en encore entao entonces entre er era eres es esa ese eso essa esse est esta estan estas este esto
    estoy et etes etwas eu eux even every everybody everyone exactly excellent falls faut few finally first foi
    for forse fra from fue fully fur fyi ga gab ganz geen gehort genau gerne gia gibt gli goed good graag gracias
    grazie great gut ha habe haben habt hace hacia had hai hallo hanno hartelijk has hast hasta hat hatte hatten
    have haven't hay he heb hebben hebt heeft hello here het heute hi hier ho hoe hoi hola how however hoy i i'd
    i'll i'm i've ich if ihnen ihr ihre ik il ils im in instead invece io is isn't isso ist isto it it's its j'ai
    ja je jede jeder jetzt jij jouw jullie jusqu'a just kan kann kannst kein keine kindly konnen konnte konnten
    konntest kun kunnen kunt l'ho la las last le lei les let let's leur like lo loro lors lorsque los ma maar mag
    magari mais mal malgre man many mas maybe me mein meine meinst mejor merci mes mesmo met meu mi mia mientras
    mij mijn minha mio mir misschien mit mochte moet moeten moglich moi molto mon more moreover morgen most muchas
    mucho muchos muito muss mussen must muy my na naar nach nada nao nas naturlich ne nee nein neither nel nella
    nem never next ni nice nicht niet no nobody noch nog noi non none nor nos nosotros nossa nosso nostra nostro
    not nothing notre nous now nu nuestra nuestro nun nunca nur o ob obrigada obrigado oder of oggi ogni ohne oi
    ok okay ola om omdat on once onde one only ook op oppure or ora os otra otro ou oui our over par para parce
    pas pela pelo per perche perfetto perhaps pero peut peux piu please plus pode podemos poderia poderias podes
    podria podrias poi por porque possiamo posso potrebbe potremmo potresti pour pourquoi pourrais pourrait
    pourriez pouvez prima puede puedes pues puis puo puoi qu'en quais qual quale quand quando quanto que quel
    quella quelle quello quelques quem questa questo qui quien quiero quindi quizas quoi regarding right sans
    sarebbe schade schau schon scusa se see segun sehr sei seit selon sem sempre senza ser serait seriez seu
    several shall she should shouldn't si sicher sie siehe siempre sim sin since sind so sobre soll sollen sollte
    sollten solo some somebody someone something somos son sono sonst sont sorry sou sous soy still su sua such
    suis sul sulla super sur sure sus ta tal talvez tambem tambien te tem temos tenemos tengo tenho tes thank
    thanks that that's the their then there there's therefore these they this those though thus ti tiene tienes to
    toch todo todos toi ton too tot tous tout toute toutes tra tres troppo tu tua tudo tuo tus tutti tutto u uber
    uit um uma un una und under une unfortunately unless uns unser unsere until us usted ustedes va vale vamos van
    vedi veel very veux vielen vielleicht voce voces voi voici voila volgens volontiers vom von voor vor vorrei
    vos votre voulez vous vuoi waar waarom wann wanneer warum was wasn't wat we we'd we'll we're we've wegen weil
    wel welche welcher welches welke well wenn wer werden were what what's when where whether which while who
    who's whom whose why wie wieso wij wil willen willst wilt wir wird with without wo wollen won't would wouldn't
    wurde wurden wurdest ya yes yesterday yet yo you you're your zal ze zeer zij zijn zo zou zouden zu zum zur
    zwar
    """
)
"""Never a surname after a first name."""

BEGINNINGS_BEFORE_A_PRONOUN = _words(
    """
    may might need ought will
    """
)
"""These are surnames too: they begin a sentence where a word follows that somebody is called by or spoken of."""

PRONOUNS = _words(
    """
    he i it my one our she somebody someone that the there these they this those we you your
    """
)

PARTICLES = _words(
    """
    'd 't af al am auf aus av ben bin bint d' da dal dalla das de degli dei del della den der des di do dos du e
    el ibn la las le lo los of op san te ten ter und van vom von y zu zum zur
    """
)
"""Small words that begin a surname: van der Berg, de la Cruz, bin Salman."""

TITLES = _words(
    """
    dame dhr dipl don dona dott dottssa dr dra fr frau herr hr ing lady lord madame mag mevr miss mlle mme
    monsieur mr mrs ms mx prof professor rev sig sigra sir sr sra srta
    """
)
"""What stands before a name and is no part of it."""
