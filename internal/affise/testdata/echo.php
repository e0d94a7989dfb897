<?php
// Answers with what PHP read of the request.
$files = [];
foreach ($_FILES as $field => $file) {
    foreach ((array) $file['name'] as $i => $name) {
        $files[] = [
            'field' => $field, 'name' => $name, 'type' => ((array) $file['type'])[$i],
            'error' => ((array) $file['error'])[$i], 'md5' => md5_file(((array) $file['tmp_name'])[$i]),
        ];
    }
}
header('Content-Type: application/json');
echo json_encode(['post' => $_POST, 'files' => $files], JSON_THROW_ON_ERROR);
