//go:build e2e

package e2e

import (
	"os/exec"
	"testing"

	"github.com/pontage/pontage/server"
)

// A developer who never heard of us opens one address in a browser, makes a token there, pays for a call, and tries an operation in Swagger
// UI; every page is usable by everybody, in light and dark and on a phone; and nothing is asked of another host.
func TestADeveloperAtTheDesk(t *testing.T) {
	browser, err := exec.LookPath("chromium")
	if err != nil {
		t.Fatal(err)
	}
	all, _ := serve(t, onSQLite)
	for _, r := range all {
		t.Run(r.Name, func(t *testing.T) {
			environment := []string{"PONTAGE_BROWSER=" + browser, "PONTAGE_HOST=" + r.Demo.Host}
			if r.Name == server.Sandbox {
				environment = append(environment, "PONTAGE_SANDBOX=1")
			}
			node(t, r, "docs.mjs", environment...)
		})
	}
}

// Who has neither account nor terminal registers at the same address, reads the mail, is shown a key, and pays for a call with play money.
func TestANewcomerAtTheDesk(t *testing.T) {
	browser, err := exec.LookPath("chromium")
	if err != nil {
		t.Fatal(err)
	}
	all, c := serve(t, onSQLite)
	for _, r := range all {
		t.Run(r.Name, func(t *testing.T) {
			environment := []string{"PONTAGE_BROWSER=" + browser, "PONTAGE_HOST=" + r.Demo.Host, "PONTAGE_OPERATOR=" + operator(t, c, r.Name)}
			if r.Name == server.Sandbox {
				environment = append(environment, "PONTAGE_SANDBOX=1")
			}
			node(t, r, "newcomer.mjs", environment...)
		})
	}
}
