package server_test

import (
	"encoding/json"
	"net/http"
	"net/http/cookiejar"
	"strings"
	"testing"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/internal/pgtest"
	"github.com/pontage/pontage/server"
)

// browser is a person at the dashboard: an HTTP client with cookies, and nothing else.
type browser struct {
	*testing.T
	http.Client
	url string
}

func newBrowser(t *testing.T, r server.Running) *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &browser{T: t, Client: http.Client{Jar: jar}, url: r.URL + "/graphql"}
}

// ask gives the data and the code of the first error.
func (b *browser) ask(query string, variables map[string]any) (data map[string]any, code string) {
	b.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		b.Fatal(err)
	}
	request, err := http.NewRequestWithContext(b.Context(), "POST", b.url, strings.NewReader(string(body)))
	if err != nil {
		b.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := b.Do(request)
	if err != nil {
		b.Fatal(err)
	}
	defer response.Body.Close()
	var answer struct {
		Data   map[string]any
		Errors []struct{ Extensions struct{ Code string } }
	}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		b.Fatalf("%s: %d %v", query, response.StatusCode, err)
	}
	if len(answer.Errors) > 0 {
		return nil, answer.Errors[0].Extensions.Code
	}
	return answer.Data, ""
}

// must gives the text at a path of names in the data, which must be there.
func (b *browser) must(query string, variables map[string]any, path string) string {
	b.Helper()
	data, code := b.ask(query, variables)
	var at any = data
	for name := range strings.SplitSeq(path, ".") {
		fields, _ := at.(map[string]any)
		at = fields[name]
	}
	text, _ := at.(string)
	if code != "" || text == "" {
		b.Fatalf("%s: %s: no %s in %v", query, code, path, data)
	}
	return text
}

// code reads the code out of the newest mail in the instance's outbox, as an operator does.
func code(t *testing.T, i *server.Instance, kind, recipient string) string {
	t.Helper()
	all, err := i.Mail.List(t.Context(), pontage.Operator(), pontage.Keyset{Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range all {
		if m.Kind == kind && m.Recipient == recipient {
			_, text, err := i.Mail.Show(t.Context(), pontage.Operator(), m.ID)
			if err != nil {
				t.Fatal(err)
			}
			_, code, _ := strings.Cut(text, "#code=")
			code, _, _ = strings.Cut(code, "\n")
			return strings.TrimSpace(code)
		}
	}
	t.Fatalf("no %s to %s", kind, recipient)
	return ""
}

// A stranger comes, proves the mailbox, logs in, makes a client and a token, pays for a call, finds it in the statistics and the wallet,
// and leaves: by GraphQL, the gateway and a cookie alone, on both databases and both instances.
func TestAStrangerComesCallsAndLeaves(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { comeAndLeave(t, serve(t, nil)) })
	t.Run("postgres", func(t *testing.T) {
		p := &platform{T: t, config: onPostgres(t, pgtest.URL(t), pgtest.URL(t), [2]string{server.NewKeyText(), server.NewKeyText()})}
		all, stop, err := start(p.config, server.Options{Demo: true})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := stop(); err != nil {
				t.Error(err)
			}
		})
		p.production, p.sandbox = all[0], all[1]
		comeAndLeave(t, p)
	})
}

func comeAndLeave(t *testing.T, p *platform) {
	for _, r := range []server.Running{p.production, p.sandbox} {
		t.Run(r.Name, func(t *testing.T) { visit(t, p, r, newBrowser(t, r)) })
	}
}

func visit(t *testing.T, p *platform, r server.Running, b *browser) {
	i := open(t, p.config, r.Name)
	const email, password = "zoe@example.com", "correct horse battery"
	who := map[string]any{"e": email, "p": password}
	b.must(`mutation($e:String!,$p:String!){register(input:{email:$e,password:$p,name:"Zoe"}){email}}`, who, "register.email")
	b.must(`mutation($c:String!){verifyEmail(input:{code:$c}){email}}`, map[string]any{"c": code(t, i, "verify_email", email)}, "verifyEmail.email")
	b.must(`mutation($e:String!,$p:String!){login(input:{email:$e,password:$p}){session{id}}}`, who, "login.session.id")
	b.must(`mutation{replaceProfile(input:{name:"Zoe",country:"NL"}){user{id}}}`, nil, "replaceProfile.user.id")
	account := pontage.AccountID(b.must(`{viewer{id}}`, nil, "viewer.id"))

	began, err := pontage.ParseMoney(b.must(`{wallet{credit}}`, nil, "wallet.credit")) // who comes to the sandbox has some
	if err != nil {
		t.Fatal(err)
	}
	client := b.must(`mutation{createClient(input:{name:"shop"}){client{id}}}`, nil, "createClient.client.id")
	b.must(`mutation($c:ID!){createClientSecret(input:{clientId:$c}){text}}`, map[string]any{"c": client}, "createClientSecret.text")
	bearer := b.must(`mutation{createToken(input:{name:"till",scopes:["*:*/*"]}){bearer}}`, nil, "createToken.bearer")
	if _, err := i.Meter.Credit(t.Context(), pontage.Operator(), account, 1_000_000, "Top-up"); err != nil {
		t.Fatal(err)
	}
	call := p.ask("GET", r.URL+"/apis/"+r.Demo.Host+r.Demo.Path, bearer, "")
	if call.Status != 200 || call.Header.Get("Pontage-Charged") != r.Demo.Price.String() {
		t.Fatalf("%d %v %s", call.Status, call.Header, call.Raw)
	}
	left := (began + 1_000_000 - r.Demo.Price).String()
	if credit := b.must(`{wallet{credit}}`, nil, "wallet.credit"); credit != left {
		t.Errorf("credit %s, not %s", credit, left)
	}
	spent, code := b.ask(`{statistics{totalRequests walletAmount} transactions{nodes{amount kind}}}`, nil)
	text, _ := json.Marshal(spent)
	if price := r.Demo.Price.String(); code != "" || !strings.Contains(string(text), `"totalRequests":1,"walletAmount":"`+price+`"`) ||
		!strings.Contains(string(text), `"amount":"-`+price+`"`) {
		t.Errorf("%s %s", code, text)
	}
	b.must(`mutation{logout(input:{}){id}}`, nil, "logout.id")
	if _, code := b.ask(`{viewer{id}}`, nil); code != "UNAUTHENTICATED" {
		t.Errorf("after the logout: %q", code)
	}
}
