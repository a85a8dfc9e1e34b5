<?php
// Parses every program in the folders below the one named.
foreach (glob($argv[1] . '/*/sample.php') as $file) {
    try {
        token_get_all(file_get_contents($file), TOKEN_PARSE);
    } catch (ParseError $e) {
        fwrite(STDERR, $file . ': ' . $e->getMessage() . PHP_EOL);
        exit(1);
    }
}
