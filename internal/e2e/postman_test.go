//go:build e2e

package e2e

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/catalog"
	"github.com/pontage/pontage/openapi/docs/edition"
	"github.com/pontage/pontage/openapi/docs/postman"
	"github.com/pontage/pontage/openapi/docs/reference"
	"github.com/pontage/pontage/server"
)

// collectionFolder makes the collection of a document and its environment, with values in the environment's empty places.
func collectionFolder(t *testing.T, ref *reference.Reference, values map[string]string) string {
	t.Helper()
	collection, err := postman.Collection(ref)
	if err != nil {
		t.Fatal(err)
	}
	environment, err := postman.Environment(ref, "sandbox", ref.Servers[0].URL)
	if err != nil {
		t.Fatal(err)
	}
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
	if environment, err = json.Marshal(filled); err != nil {
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
	folders := []string{"newman.mjs", collectionFolder(t, readReference(t, get(t, r.URL+"/openapi.json")),
		map[string]string{"email": r.Demo.Email, "key": r.Demo.APIKey})}
	hosts := importAll(t, c)
	token := createToken(t, r, hosts)
	for name, data := range documents(t) {
		e, err := edition.Rehosted(data, r.URL+"/apis/"+hosts[name])
		if err != nil {
			t.Fatal(err)
		}
		folders = append(folders, collectionFolder(t, e.Reference, map[string]string{"token": token}))
	}
	t.Logf("newman\n%s", run(t, ".", nil, "node", folders...))
}

// importAll imports the documents into the sandbox as the command line does, and gives their hosts.
func importAll(t *testing.T, c server.Config) map[string]string {
	t.Helper()
	i, err := server.Open(t.Context(), c, server.Sandbox, "e2e", slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer i.Close()
	in := catalog.ImportInput{Prices: []byte("scopes:\n  \"*:*/*\":\n    prices: {request: 0.001}\n")}
	for name, data := range documents(t) {
		in.Documents = append(in.Documents, catalog.Document{Name: name, Data: data})
	}
	report, err := i.Catalog.Import(t.Context(), pontage.Operator(), in)
	if err != nil || report.Rejected() > 0 {
		t.Fatalf("%v %s", err, report)
	}
	hosts := map[string]string{}
	for _, d := range report.Documents {
		hosts[d.Document] = d.Host
	}
	return hosts
}

// createToken makes a token for everything, once the running instance knows the hosts.
func createToken(t *testing.T, r server.Running, hosts map[string]string) string {
	t.Helper()
	for _, host := range hosts {
		for deadline := time.Now().Add(20 * time.Second); !strings.Contains(string(ask(t, r, "GET", "/scopes", "")), host); {
			if time.Now().After(deadline) {
				t.Fatalf("the instance does not see that %s was imported", host)
			}
		}
	}
	var made struct{ Data struct{ Token string } }
	answer := ask(t, r, "POST", "/tokens", `{"scopes":["*:*/*"]}`)
	if json.Unmarshal(answer, &made) != nil || made.Data.Token == "" {
		t.Fatalf("%s", answer)
	}
	return made.Data.Token
}

// ask sends a request with the demo account's credentials.
func ask(t *testing.T, r server.Running, method, path, body string) []byte {
	t.Helper()
	request, err := http.NewRequest(method, r.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.SetBasicAuth(r.Demo.Email, r.Demo.APIKey)
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer
}
