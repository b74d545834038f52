<?php
while (($line = fgets(STDIN)) !== false && trim($line) !== '');
foreach (["VERBOSE \"called\" 1\n", "SET VARIABLE \"FASTAGISTATUS\" \"SUCCESS\"\n"] as $line) {
    fwrite(STDOUT, $line);
    fflush(STDOUT);
    fgets(STDIN);
}
