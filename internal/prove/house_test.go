package prove_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/server"
	"github.com/pontage/pontage/storage"
	"github.com/pontage/pontage/storage/storagetest"
)

// The API every house sells: one operation, its price, and what the account owns at the beginning.
const (
	apiHost  = "bank.prove.example"
	apiPath  = "/apis/" + apiHost + "/paid"
	price    = pontage.Money(10_000)
	funding  = pontage.Money(1_000_000_000_000)
	document = `openapi: 3.0.3
info: {title: Bank, version: 1.0.0}
servers: [{url: https://` + apiHost + `}]
paths:
  /paid:
    get: {responses: {"200": {description: Paid.}}}
    post: {responses: {"200": {description: Paid.}}}
`
	prices = `scopes:
  "*:` + apiHost + `/*":
    prices: {request: 0.01}
`
)

// house is a database with an API, an account with credit and a token, made with the operator's tool; servers come and go on it.
type house struct {
	t        testing.TB
	folder   string
	database string
	keys     string
	upstream *upstream
	email    string
	key      string
	account  pontage.AccountID
	bearer   string
	// more are further variables of every process of the house.
	more []string
}

// engines are the databases a proof runs on; url makes one for a house whose files are in folder.
var engines = []struct {
	name string
	url  func(t testing.TB, folder string) string
}{
	{"sqlite", func(_ testing.TB, folder string) string { return "sqlite:" + filepath.Join(folder, "production.db") }},
	{"postgres", func(t testing.TB, _ string) string { return storagetest.Postgres(t) }},
}

// newHouse sets a house up in folder.
func newHouse(t testing.TB, folder, database string) *house {
	t.Helper()
	h := &house{t: t, folder: folder, database: database, keys: server.NewKeyText(), upstream: newUpstream(t), email: "ann@example.com"}
	for name, text := range map[string]string{"bank.yaml": document, "prices.yaml": prices} {
		h.must(os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600))
	}
	h.operate(nil, "api", "import", filepath.Join(folder, "bank.yaml"), "--prices", filepath.Join(folder, "prices.yaml"),
		"--upstream", h.upstream.URL, "--into", "production")
	var made struct{ Account, Key string }
	h.operate(&made, "account", "create", h.email)
	h.account, h.key = pontage.AccountID(made.Account), made.Key
	h.operate(nil, "account", "credit", h.email, funding.String())
	var token struct{ Token string }
	h.operate(&token, "token", "create", h.email, "*:"+apiHost+"/*")
	h.bearer = token.Token
	return h
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// program gives the path of the program, built once.
var program = sync.OnceValues(func() (string, error) {
	path := filepath.Join(workspace, "pontage")
	out, err := exec.Command("go", "build", "-o", path, "github.com/pontage/pontage/cmd/pontage").CombinedOutput()
	if err != nil {
		err = fmt.Errorf("go build: %w\n%s", err, out)
	}
	return path, err
})

// command gives the program with arguments, in the house's environment.
func (h *house) command(arguments ...string) *exec.Cmd {
	h.t.Helper()
	path, err := program()
	h.must(err)
	command := exec.Command(path, arguments...)
	command.Env = h.environment()
	command.SysProcAttr = attributes()
	return command
}

func (h *house) environment() []string {
	return append(os.Environ(), append([]string{
		"PONTAGE_DATA=" + h.folder, "PONTAGE_DATABASE=" + h.database, "PONTAGE_KEYS=" + h.keys,
		"PONTAGE_LOG_LEVEL=error", "PONTAGE_RATE_PER_MINUTE=1000000000", "PONTAGE_HEADER_TIMEOUT=1s",
	}, h.more...)...)
}

// operate runs one of the operator's commands and reads its answer.
func (h *house) operate(answer any, arguments ...string) {
	h.t.Helper()
	h.must(h.try(answer, arguments...))
}

func (h *house) try(answer any, arguments ...string) error {
	var complaint strings.Builder
	command := h.command(append(arguments, "--json")...)
	command.Stderr = &complaint
	out, err := command.Output()
	if answer != nil && len(out) > 0 {
		if err := json.Unmarshal(out, answer); err != nil {
			return fmt.Errorf("%v: %w: %s", arguments, err, out)
		}
	}
	if err != nil {
		return fmt.Errorf("%v: %w: %s%s", arguments, err, complaint.String(), out)
	}
	return nil
}

// open opens the house's database beside whoever uses it.
func (h *house) open() *storage.Store {
	h.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	store, err := storage.Open(ctx, h.database, storage.Options{Clock: time.Now})
	h.must(err)
	return store
}
