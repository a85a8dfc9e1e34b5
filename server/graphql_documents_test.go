package server

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestAFileWithoutTrustedDocumentsIsRefusedInPlainWords(t *testing.T) {
	for _, content := range []string{"null", "[]", "{"} {
		file := filepath.Join(t.TempDir(), "documents.json")
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := readDocuments(file)
		if err == nil || !strings.Contains(err.Error(), "is no JSON object of texts") || strings.Contains(err.Error(), "%!") {
			t.Errorf("%s: %v", content, err)
		}
	}
}
