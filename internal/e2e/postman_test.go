//go:build e2e

package e2e

import (
	"encoding/json"
	"path/filepath"
	"testing"
)

// collectionFolder puts a collection and its environment where newman finds them, with values in the environment's empty places.
func collectionFolder(t *testing.T, collection, environment []byte, values map[string]string) string {
	t.Helper()
	var filled struct {
		Values []map[string]any `json:"values"`
	}
	if err := json.Unmarshal(environment, &filled); err != nil {
		t.Fatal(err)
	}
	for _, v := range filled.Values {
		if value := values[v["key"].(string)]; value != "" {
			v["value"] = value
		}
	}
	environment, err := json.Marshal(filled)
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	write(t, filepath.Join(folder, "collection.json"), string(collection))
	write(t, filepath.Join(folder, "environment.json"), string(environment))
	return folder
}

// Whoever imports a collection can run it from top to bottom: of the token API, where a token is made, used, traded and deleted, and of
// every imported API, against what the sandbox answers.
func TestThePostmanCollectionsRun(t *testing.T) {
	all, c := serve(t, onSQLite)
	r := sandbox(t, all)
	hosts := importAll(t, c)
	token := createToken(t, r, hosts)
	folder := func(host string, values map[string]string) string {
		return collectionFolder(t, published(t, r, host, "postman.json"), published(t, r, host, "postman-sandbox.json"), values)
	}
	folders := []string{"newman.mjs", folder(tokenHost, map[string]string{"email": r.Demo.Email, "key": r.Demo.APIKey})}
	for _, host := range hosts {
		folders = append(folders, folder(host, map[string]string{"token": token}))
	}
	t.Logf("newman\n%s", run(t, ".", nil, "node", folders...))
}
