package importer

import (
	"encoding/hex"
	"hash/fnv"
	"testing"
)

// TestAppendHash: journals hold these hashes, so they must stay what they are.
func TestAppendHash(t *testing.T) {
	for _, text := range []string{"", `"active"`, `[{"total":2}]`, "ключ"} {
		h := fnv.New32a()
		h.Write([]byte(text))
		if got, want := string(appendHash(nil, []byte(text))), hex.EncodeToString(h.Sum(nil)); got != want {
			t.Errorf("%q: %s, not %s", text, got, want)
		}
	}
}
