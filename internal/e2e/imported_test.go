//go:build e2e

package e2e

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/catalog"
	"github.com/pontage/pontage/server"
)

// tokenHost is the token API's in the sandbox.
const tokenHost = "test.oauth.pontage.localhost"

// published gives a file of an API's documents, as partners download it.
func published(t *testing.T, r server.Running, host, kind string) []byte {
	t.Helper()
	return get(t, r.URL+"/docs/apis/"+host+"/"+kind)
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
