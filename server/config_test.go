package server_test

import (
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pontage/pontage/server"
)

// defaults are the values the command line gives where nothing is set.
func defaults(data string) server.Config {
	return server.Config{
		Data: data, Domain: "pontage.localhost", Currency: "EUR", Migrate: true, MaxBody: 10 << 20, HeaderTimeout: 30 * time.Second,
		RatePerMinute: 10_000, DrainTimeout: 25 * time.Second, LogLevel: "info",
	}
}

func TestDefaultsRunAsTheyAre(t *testing.T) {
	c := defaults("./data")
	if err := c.Complete(); err != nil {
		t.Fatal(err)
	}
	if c.Production.PublicURL != "http://localhost:8080" || c.Sandbox.PublicURL != "http://localhost:8081" ||
		c.Production.Database != "sqlite:data/production.db" {
		t.Errorf("%+v %+v", c.Production, c.Sandbox)
	}
}

// An operator who made many mistakes hears of all, not of the first.
func TestAllProblemsAreReportedAtOnce(t *testing.T) {
	c := defaults("./data")
	c.Domain, c.Currency, c.TLSCert, c.MaxBody = "UPPER case", "euro", "cert.pem", 0
	c.TrustedProxies = []string{"10.0.0.0/8", "nonsense"}
	c.EnterpriseFee, c.BasicRequests = "much", -1
	c.Retention, c.VerifyEvery = time.Hour, -1
	c.Production.Database, c.Sandbox.Listen = "postgres://localhost/x", "nowhere"
	c.SMTP = server.SMTP{Address: "mail.example.com:25", Encryption: "none"}
	c.Production.Dashboard = "javascript:alert(1)"
	c.Sandbox.Database, c.Sandbox.Keys = "mysql://localhost/x", "k1:tooshort"
	err := c.Complete()
	if err == nil {
		t.Fatal("passed")
	}
	for _, want := range []string{"domain", "currency", "tls-cert", "max-body", "nonsense", "\nkeys", "sandbox-listen", "sandbox-database", "sandbox-keys",
		"smtp-from", "smtp-encryption", "dashboard-url", "enterprise-fee", "basic-requests"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is missing from:\n%v", want, err)
		}
	}
}

// Two instances with one key ring would be one.
func TestTheInstancesShareNoKeys(t *testing.T) {
	c := defaults("./data")
	c.Production.Keys = server.NewKeyText()
	c.Sandbox.Keys = c.Production.Keys
	if err := c.Complete(); err == nil || strings.Contains(err.Error(), c.Production.Keys) {
		t.Errorf("%v", err)
	}
}

// What was issued before a restart and before a key rotation is still good after.
func TestTheKeyFileIsMadeOnceAndOnlyForItsOwner(t *testing.T) {
	c := defaults(t.TempDir())
	if err := c.Complete(); err != nil {
		t.Fatal(err)
	}
	open := func() error {
		i, err := server.Open(t.Context(), c, server.Production, "test", slog.New(slog.NewJSONHandler(io.Discard, nil)))
		if err == nil {
			err = i.Close()
		}
		return err
	}
	if err := open(); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(c.Data, "production.keys")
	before, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if info, _ := os.Stat(file); info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v", info.Mode())
	}
	if _, err := server.RotateKeyFile(file); err != nil {
		t.Fatal(err)
	}
	after, _ := os.ReadFile(file)
	if old := strings.Split(string(before), "\n")[1]; !strings.Contains(string(after), old) || len(after) <= len(before) {
		t.Error("the rotation lost the old key")
	}
	if err := os.Chmod(file, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := open(); err == nil || !strings.Contains(err.Error(), "chmod 600") {
		t.Errorf("a key file others can read was accepted: %v", err)
	}
}

// A key's text never shows up in an error.
func TestABrokenKeyIsNotRepeatedInTheError(t *testing.T) {
	_, err := server.ParseKeys("k1:c2VjcmV0LXNlY3JldA==")
	if err == nil || strings.Contains(err.Error(), "c2VjcmV0") {
		t.Errorf("%v", err)
	}
	if _, err := server.ParseKeys(server.NewKeyText() + "," + server.NewKeyText()); err != nil {
		t.Error(err)
	}
}
