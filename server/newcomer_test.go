package server_test

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/openapi/docs"
	"github.com/pontage/pontage/server"
)

// action sends a document as the pages do: by its hash, without a cookie.
func action(t *testing.T, url, name string, variables map[string]any) (data map[string]any, code string, cookies []*http.Cookie) {
	t.Helper()
	id := ""
	for hash, text := range docs.Actions() {
		if strings.HasPrefix(text, "mutation "+name+"(") {
			id = "sha256:" + hash
		}
	}
	body, err := json.Marshal(map[string]any{"documentId": id, "variables": variables})
	if err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(t.Context(), "POST", url+"/graphql", strings.NewReader(string(body)))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Sec-Fetch-Site", "same-origin")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var answer struct {
		Data   map[string]any
		Errors []struct{ Extensions struct{ Code string } }
	}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		t.Fatalf("%s: %d %v", name, response.StatusCode, err)
	}
	if len(answer.Errors) > 0 {
		code = answer.Errors[0].Extensions.Code
	}
	return answer.Data, code, response.Cookies()
}

// The forms of the pages work where production answers trusted documents alone, and leave no session behind.
func TestThePagesFormsWorkWhereOnlyTrustedDocumentsAre(t *testing.T) {
	p := serve(t, func(c *server.Config) {
		c.GraphQLTrusted, c.GraphQLDocuments = true, filepath.Join(t.TempDir(), "documents.json")
		if err := os.WriteFile(c.GraphQLDocuments, []byte("{}"), 0o600); err != nil {
			t.Fatal(err)
		}
	})
	for name, r := range map[string]server.Running{server.Production: p.production, server.Sandbox: p.sandbox} {
		person := map[string]any{"email": "zoe@example.com", "password": "correct horse battery"}
		if _, code, _ := action(t, r.URL, "Register", map[string]any{"email": person["email"], "password": person["password"], "name": "Zoe"}); code != "" {
			t.Fatalf("%s: register: %s", name, code)
		}
		i := open(t, p.config, name)
		mails, err := i.Mail.List(t.Context(), pontage.Operator(), pontage.Keyset{Limit: 1})
		if err != nil || len(mails) != 1 {
			t.Fatal(mails, err)
		}
		_, text, err := i.Mail.Show(t.Context(), pontage.Operator(), mails[0].ID)
		if err != nil {
			t.Fatal(err)
		}
		link := regexp.MustCompile(`(http\S+)#code=(\S+)`).FindStringSubmatch(text)
		if page := fetched(t, link[1]); page.StatusCode != http.StatusOK {
			t.Errorf("%s: the mailed link %s leads to %d", name, link[1], page.StatusCode)
		}
		if data, code, _ := action(t, r.URL, "Verify", map[string]any{"code": link[2]}); code != "" || data["verifyEmail"] == nil {
			t.Fatalf("%s: verify: %s", name, code)
		}
		data, code, cookies := action(t, r.URL, "Key", person)
		if code != "" || len(cookies) > 1 || len(cookies) == 1 && cookies[0].MaxAge >= 0 {
			t.Fatalf("%s: key: %s %v", name, code, cookies)
		}
		key := data["createAPIKey"].(map[string]any)["text"].(string)
		if _, err := i.Accounts.Authenticate(t.Context(), "zoe@example.com", key); err != nil {
			t.Fatalf("%s: the key opens nothing: %v", name, err)
		}
		user, err := i.Store.UserByEmail(t.Context(), "zoe@example.com")
		if err != nil {
			t.Fatal(err)
		}
		if sessions, err := i.Store.Sessions(t.Context(), user.ID, time.Now(), pontage.SessionFilter{}, pontage.Keyset{Limit: 10}); err != nil || len(sessions) != 0 {
			t.Errorf("%s: %d sessions stay, %v", name, len(sessions), err)
		}
		person["password"] = "a wrong password"
		if data, code, cookies := action(t, r.URL, "Key", person); code != "UNAUTHENTICATED" || data["createAPIKey"] != nil || len(cookies) > 0 {
			t.Errorf("%s: a wrong password: %s %v %v", name, code, data, cookies)
		}
	}
}

func fetched(t *testing.T, url string) *http.Response {
	t.Helper()
	response, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	return response
}

// A demo's outbox opens accounts: only a browser on the same machine, asking for it by a name of that machine, may read it, and production's
// nobody.
func TestTheOutboxIsForTheSameMachineAlone(t *testing.T) {
	p := serve(t, nil)
	for name, c := range map[string]struct {
		url     string
		change  func(*http.Request)
		visible bool
	}{
		"the sandbox, from here":     {p.sandbox.URL, func(*http.Request) {}, true},
		"production, from here":      {p.production.URL, func(*http.Request) {}, false},
		"through a proxy":            {p.sandbox.URL, func(r *http.Request) { r.Header.Set("X-Forwarded-For", "127.0.0.1") }, false},
		"through another proxy":      {p.sandbox.URL, func(r *http.Request) { r.Header.Set("Forwarded", "for=127.0.0.1") }, false},
		"by a stranger's name":       {p.sandbox.URL, func(r *http.Request) { r.Host = "test.oauth.pontage.example" }, false},
		"from a page of another one": {p.sandbox.URL, func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") }, false},
	} {
		request, err := http.NewRequestWithContext(t.Context(), "GET", c.url+"/docs/outbox", nil)
		if err != nil {
			t.Fatal(err)
		}
		c.change(request)
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if (response.StatusCode == http.StatusOK) != c.visible {
			t.Errorf("%s: %d", name, response.StatusCode)
		}
	}
}

// An instance that others reach, or that sends mail, shows nobody an outbox, demo or not.
func TestAnOutboxThatIsSentIsNotShown(t *testing.T) {
	for name, change := range map[string]func(*server.Config){
		"with a mail server": func(c *server.Config) {
			address, _ := receiveMail(t)
			c.SMTP = server.SMTP{Address: address, From: "no-reply@example.com", Encryption: "none"}
		},
		"with a public address": func(c *server.Config) { c.Sandbox.PublicURL = "https://sandbox.example.com" },
	} {
		p := serve(t, change)
		if a := fetched(t, "http://"+p.config.Sandbox.Listen+"/docs/outbox"); a.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d", name, a.StatusCode)
		}
	}
}
