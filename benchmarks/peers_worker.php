<?php
// One line of JSON in ({"old", "new", "form"}), one out: what wikidiff2 made of it and what the call alone cost.
$used = function () {
    $u = getrusage();
    return $u['ru_utime.tv_sec'] + $u['ru_stime.tv_sec'] + ($u['ru_utime.tv_usec'] + $u['ru_stime.tv_usec']) / 1e6;
};
$call = ['json' => 'wikidiff2_inline_json_diff', 'inline' => 'wikidiff2_inline_diff', 'table' => 'wikidiff2_do_diff'];
while (($line = fgets(STDIN)) !== false) {
    $asked = json_decode($line, true);
    $cpu = $used();
    $wall = hrtime(true);
    $made = $call[$asked['form']]($asked['old'], $asked['new'], 1000000);
    $wall = (hrtime(true) - $wall) / 1e9;
    $cpu = $used() - $cpu;
    echo json_encode(['made' => $made, 'wall' => $wall, 'cpu' => $cpu]), "\n";
    flush();
}
