"""The charters that come with the product: every word of them, in order, in the files they belong in."""

import re
import tomllib
from pathlib import Path

import pytest

FOLDERS = Path(__file__).resolve().parents[2] / "charter_source"

# The PEPs charter, May 2025, as it reads: {n} where note n is cited, ligatures whole.
PEPS = {
    "notice": """
This draft document{1} will remain open for input to ensure we capture all Patient Engagement Industry Professionals'
(PEPs) input and feedback as our group continues to evolve. Please feel free to make comments and/or introduce changes
to the tracking tool.
""",
    "definition": """
For the purpose of this Community, "a Patient Engagement Industry Professional is a person{2} working or having worked
in or for{3} a life sciences for-profit organization{4} whose role{5} includes ensuring that relation-based{6} patient
perspectives are incorporated into the organization's decision-making processes, policies, and practices along the
medicine and/or product lifecycle”

Exceptions may be made at the discretion of the governance body, allowing individuals outside of these criteria to
participate in meetings relevant to their expertise or role.
""",
    "vision": """
Enabling a world where patients are key partners in shaping sustainable care and driving innovation in healthcare
research and development, where their perspectives are integral to decision-making processes.
""",
    "mission": """
Our mission is to foster better-performing{7} life sciences for-profit organizations{3} by co-designing life sciences
health strategies and products for patients WITH patients. To achieve this, we believe these organizations must
develop strong patient engagement (PE) capability and capacity.

PEPs is the first global community by and for PE industry professionals across all different levels of experience and
specialty. Through collective engagement, the PEPs international community strives to enable and empower its members
to drive meaningful change within their organizations and across the life sciences industry.

PEPs shape the future of the PE function, teams and PE industry professionals globally by:

A. Defining the current and future practice of PE within the life sciences industry

B. Being a global community for PE industry professionals

C. Leveraging collective thought leadership to train the next generation of PE leaders by sharing learnings, best
practices, and innovative solutions, fostering better patient-centred strategies and improved health outcomes.

D. Speaking as a unified voice of the PE profession
""",
    "goals": """
Shape PE Professional Guidances

Develop and enhance ethical and professional standards and career development frameworks for PEPs, ensuring they
embody core principles and skills essential for high-quality PE activities that elevate the impact of PE.

Demonstrate the value of PE

Demonstrate PE's value and function by educating internal stakeholders and making a case for its recognition in
improving patient outcomes. This includes emphasizing the importance of individual health empowerment as a central
goal of PE, supported by patient engagement strategies, measurement and clear guidance.

Develop a Community and its Network

Creating a structured platform for all PE industry professionals to learn, share, and collaborate, thereby driving the
field forward with collective expertise and innovation while engaging externally to disseminate PE value.

Annexe with membership and funding model available here.
""",
    "appendix": """
Rationale Behind the Definition of a Patient Engagement Industry Professional

This definition of a Patient Engagement Industry Professional was developed to determine who can be part of the PEPs
Industry Community (PEPs), as reflected in the charter. Below, we elaborate on the key considerations discussed during
the development of this definition in the task force conversations:

1. Defining Participation: Working in or for Life Sciences for-profit Organizations: A critical aspect of the
discussions was the recognition that patient engagement industry professionals include both individuals employed
directly within life sciences for-profit organizations and those working externally as consultants. "Consultants often
drive the patient engagement agenda in organizations without internal capacity," making it essential to include
external experts who actively influence or undertake PE activities.

2. Leadership and Practitioner Roles: During the task force discussions, it was noted that patient engagement industry
professionals take on varying roles within an organization, ranging from strategic leadership to hands-on
implementation. "Leaders set the vision and create the framework for embedding patient engagement," (...) "while
practitioners work to ensure those frameworks are put into action on the ground." Including both "leaders and/or
practitioners" in the definition reflects this distinction and ensures that individuals at all levels of influence are
part of the PEPs Industry community.

3. Relation-Based Engagement: The discussion highlighted the importance of focusing on relation-based engagement as a
core principle: "AI-driven surveys and ad hoc digital tools can’t replace the depth of understanding that comes from
ongoing, trust-based relationships with patients." The task force agreed that effective patient engagement must be
grounded in these relationships. This relational approach is central to the PEP's roles, as it ensures that patient
perspectives are not only heard but deeply understood and acted upon.

4. Incorporating Patient Perspectives into Decision-Making: One of the most significant outcomes of the task force
discussions was the agreement that PEPs are those who play a crucial role in ensuring patient perspectives are
embedded in decision-making processes: "The goal is not just to gather patient insights, but to make sure those
insights influence the organization's key decisions, from policies to practices." This point underscores the impact
PEPs role have in shaping how life sciences organizations operate, ensuring that patient engagement is not just a
checkbox but a fundamental part of their decision-making processes.
""",
    "footnotes": """
{1} This document has been co-developed based on the results of a co-created survey (launched during July 2024) and
with input from a designated task force of 12 PE Industry Professionals.

{2} Membership is individual and nominative.

{3} As an employee, or as a for-profit service provider (full-time, part-time) who has relevant experience in the
industry last ten years.

{4} Especially pharmaceutical companies, biotechnology firms, and medical technology companies; often referred to as
“industry”.

{5} As a leader and/or practitioner.

{6} As opposed to (only) ad-hoc questioning, survey or AI.

{7} Including, but not restricted to, shareholder return.
""",
}

# The page of the second group: what of it is a charter.
ISOP = {
    "need": """
The role of the patient in pharmacovigilance is key. The need for early involvement of the patient in the cycle of
drug development is widely recognised, and direct patient reporting of ADRs is encouraged at many levels. This is very
important as there are many barriers to safe medicine use, which lead to poor adherence, overuse, or misuse:

- Lack of understanding of the disease condition and the treatment choices by the patients.

- Ineffective communication between HCPs and the patients.

- Limited collaboration between the pharma industry, regulatory and the patients or their representatives, which led
to inactive listening to the patient’s needs and challenges.

There is an urgent demand to work closely with the patient organizations to enhance the listening to patients,
understand their challenges, and the importance of adherence to the treatment plan; consequently, patients will be
able to avoid medication errors, manage the disease and reduce the adverse events incidents.

In addition, it is essential to help the patient organizations to leverage the knowledge of the patient on how to
accept and manage adverse events rather than try to avoid them. Thus, we need to establish a transparent channel of
communication between the patients and healthcare professionals, the pharma industry, regulators, and research
institutions.

There is a big demand to enhance the communication between the patients and healthcare professionals, especially in
LMICs.

Thus, ISoP Patient Engagement Group (ISoP PatEG) is needed.

The ISoP Patient Engagement SIG was formally launched during the ISoP General Assembly at the 20th annual meeting of
ISoP in November 2021.
""",
    "mission": """
Enhance the core role of patients in medication safety.
""",
    "goals": """
- Help shape the future of the patient’s involvement in therapeutic decision-making safety surveillance and safe use
of medicines.

- Foster appreciation of the patient contribution to medication safety and spread examples across stakeholders.

- Support knowledge networks and independent patient representation in medication safety systems.

- Advance patient involvement in development of policies and guidelines to enhance medication safety.
""",
    "membership": """
- ISoP member more than three years

- Passion about supporting the patient utilizing different tools and channels.

- Have a connection with the patient organizations/societies in the country or the region affiliate to.

- If you would like to join the group, please submit the application form below to evaluate the eligibility criteria:
""",
    "leadership": """
Dr. Mayada Alkhakany

Dr. Manal Younus

Advisor Board Committee to be announced later.
""",
}


def _paragraphs(text: str) -> list[str]:
    return [" ".join(paragraph.split("\n")) for paragraph in text.strip().split("\n\n")]


def _outline(folder: str) -> dict[str, object]:
    return tomllib.loads((FOLDERS / folder / "charter.toml").read_text(encoding="utf-8"))


def _sections(folder: str) -> list[dict[str, str]]:
    sections = _outline(folder)["section"]
    assert isinstance(sections, list)
    return sections


def _file(folder: str, key: str) -> str:
    return (FOLDERS / folder / f"{key}.md").read_bytes().decode("utf-8")


def _as_read(folder: str, key: str) -> list[str]:
    """The paragraphs of a section as they read: Markdown's signs gone, notes by number."""
    labels = re.findall(r"^\[\^([a-z-]+)\]:", _file(folder, "footnotes"), re.MULTILINE) if folder == "peps" else []
    text = _file(folder, key)
    for number, label in enumerate(labels, start=1):
        text = text.replace(f"[^{label}]:", f"{{{number}}}").replace(f"[^{label}]", f"{{{number}}}")
    text = re.sub(r"^#+ ", "", text, flags=re.MULTILINE).replace("**", "")
    text = re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", text)
    return [line for line in text.split("\n") if line]


@pytest.mark.parametrize("key", PEPS)
def test_the_peps_charter_has_every_word_of_the_original_in_its_order(key: str) -> None:
    assert _as_read("peps", key) == _paragraphs(PEPS[key])


@pytest.mark.parametrize("key", ISOP)
def test_the_isop_pateg_charter_has_every_word_of_its_page_in_its_order(key: str) -> None:
    assert _as_read("isop-pateg", key) == _paragraphs(ISOP[key])


def test_the_peps_sections_stand_in_order_under_their_headings() -> None:
    assert [(one["key"], one["kind"], one.get("heading", "")) for one in _sections("peps")] == [
        ("notice", "notice", ""),
        ("definition", "definition", "Who is a Patient Engagement Industry Professional?"),
        ("vision", "vision", "Vision"),
        ("mission", "mission", "Mission"),
        ("goals", "goals", "Goals"),
        ("appendix", "appendix", "Appendix"),
        ("footnotes", "footnotes", ""),
    ]


def test_the_isop_pateg_sections_stand_in_order_under_their_headings() -> None:
    assert [(one["key"], one.get("heading", "")) for one in _sections("isop-pateg")] == [
        ("need", "Empower patients to enhance safety"),
        ("mission", "Mission"),
        ("goals", "Goals"),
        ("membership", "Guidelines on how to be a member/representative in ISoP PatEG:"),
        ("leadership", "Leaders of the group are:"),
    ]


def test_the_peps_front_says_what_the_cover_and_the_imprint_say() -> None:
    outline = _outline("peps")
    assert outline["front"] == {
        "title": "Draft Charter",
        "organisation": "Patient Engagement Professionals Industry Community",
        "address": "Avenue Louise 231, 1050 Brussels",
        "contact": "info@wearepeps.org",
        "language": "en",
    }
    assert outline["edition"] == {"date": "2025-05"}
    assert outline["charter"] == {"key": "peps", "open": True}


def test_the_second_group_has_no_dated_edition() -> None:
    assert "edition" not in _outline("isop-pateg")
    assert _outline("isop-pateg")["charter"] == {"key": "isop-pateg", "open": True}


def test_the_annexe_is_declared_without_a_file_and_the_word_here_leads_to_it() -> None:
    assert _outline("peps")["annexe"] == [{"key": "membership-and-funding", "title": "Membership and funding model"}]
    assert "available [here](annexe:membership-and-funding).\n" in _file("peps", "goals")


def test_no_lost_ligature_is_left() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted((FOLDERS / "peps").glob("*.md")))
    assert re.findall(r"\b(?:beer|eective|[a-z]*[\ufb00-\ufb06][a-z]*)\b", text) == []
    assert text.count("better") == 2
    assert text.count("effective") == 1


def test_the_titles_of_the_four_reasons_are_bold_and_close_with_their_colon() -> None:
    titles = re.findall(r"^\d\. \*\*([^*]+):\*\* ", _file("peps", "appendix"), re.MULTILINE)
    assert titles == [
        "Defining Participation: Working in or for Life Sciences for-profit Organizations",
        "Leadership and Practitioner Roles",
        "Relation-Based Engagement",
        "Incorporating Patient Perspectives into Decision-Making",
    ]


def test_note_three_is_cited_twice_and_every_other_note_once() -> None:
    cited = [number for key in PEPS if key != "footnotes" for number in re.findall(r"\{(\d)\}", PEPS[key])]
    assert cited == ["1", "2", "3", "4", "5", "6", "7", "3"]
    assert [number for key in PEPS for line in _as_read("peps", key) for number in re.findall(r"\{(\d)\}", line)] == [
        *cited,
        *"1234567",
    ]


@pytest.mark.parametrize("folder", ["peps", "isop-pateg"])
def test_each_folder_holds_its_sections_and_nothing_else(folder: str) -> None:
    expected = {"charter.toml", *(f"{one['key']}.md" for one in _sections(folder))}
    assert {path.name for path in (FOLDERS / folder).iterdir()} == expected
