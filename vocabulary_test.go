package pontage_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/pontage/pontage"
)

// Every code has a status and a number of its own, so that a client can tell failures apart.
func TestEveryCodeHasAStatusAndItsOwnNumber(t *testing.T) {
	numbers := map[int]pontage.Code{}
	for _, code := range pontage.Codes() {
		f := code.Failure()
		if f.Status < 400 || f.Status > 599 || f.Number < 1000 {
			t.Errorf("%s: %+v", code, f)
		}
		if other := numbers[f.Number]; other != "" {
			t.Errorf("%s and %s share %d", code, other, f.Number)
		}
		numbers[f.Number] = code
	}
	if f := pontage.Code("unheard of").Failure(); f.Status != http.StatusInternalServerError {
		t.Errorf("an unknown code shows as %d", f.Status)
	}
}

// Nothing internal leaks: a foreign error is shown as internal and kept as the cause for the log.
func TestForeignErrorsAreHidden(t *testing.T) {
	cause := errors.New("pq: password authentication failed for user admin")
	e := pontage.Public(cause)
	if e.Code != pontage.Internal || e.Message != "Internal server error." || !errors.Is(e, cause) {
		t.Errorf("%+v", e)
	}
}

func TestTheEnvelopeAlwaysHasItsFourKeys(t *testing.T) {
	for _, env := range []pontage.Envelope{pontage.Success(nil), pontage.Refuse(pontage.E(pontage.NotFound, "Not Found"))} {
		data, err := json.Marshal(env)
		if err != nil {
			t.Fatal(err)
		}
		var keys map[string]any
		if err := json.Unmarshal(data, &keys); err != nil {
			t.Fatal(err)
		}
		for _, key := range []string{"data", "success", "message", "error"} {
			if _, there := keys[key]; !there {
				t.Errorf("%s lacks %s", data, key)
			}
		}
	}
}

// A name may be whatever people write, but nothing that breaks a log, a header or a column.
func TestTextsAreBounded(t *testing.T) {
	for _, good := range []string{"", "nightly import", "città 🏛", strings.Repeat("è", 200)} {
		if err := pontage.CheckText(good, "/name"); err != nil {
			t.Errorf("%.20q: %v", good, err)
		}
	}
	for _, bad := range []string{strings.Repeat("x", 201), "a\x00", "a\nb", "a\u0085", "\xff"} {
		if err := pontage.CheckText(bad, "/name"); pontage.CodeOf(err) != pontage.InvalidInput || pontage.Public(err).Field != "/name" {
			t.Errorf("%.20q: %v", bad, err)
		}
	}
}

// What belongs to an account is for the account itself and the operator; an actor that names no account manages nobody's.
func TestWhoManagesAnAccount(t *testing.T) {
	for _, c := range []struct {
		by   pontage.Actor
		of   pontage.AccountID
		want bool
	}{
		{pontage.Operator(), "acc_1", true},
		{pontage.Actor{Kind: pontage.ActorAccount, AccountID: "acc_1"}, "acc_1", true},
		{pontage.Actor{Kind: pontage.ActorAccount, AccountID: "acc_2"}, "acc_1", false},
		{pontage.Actor{Kind: pontage.ActorAccount}, "", false},
		{pontage.Actor{Kind: pontage.ActorUser, AccountID: "acc_1"}, "acc_1", true},
		{pontage.Actor{Kind: pontage.ActorUser, AccountID: "acc_2"}, "acc_1", false},
		{pontage.Actor{Kind: pontage.ActorVisitor}, "", false},
		{pontage.Actor{Kind: pontage.ActorToken, AccountID: "acc_1"}, "acc_1", false},
		{pontage.Actor{Kind: pontage.ActorClient, AccountID: "acc_1"}, "acc_1", false},
		{pontage.Actor{}, "acc_1", false},
	} {
		if got := c.by.Manages(c.of); got != c.want {
			t.Errorf("%+v of %q: %v", c.by, c.of, got)
		}
	}
}

// A forwarded header counts only from a configured proxy, and only its rightmost untrusted hop.
func TestForwardedHeadersCountFromTrustedProxiesOnly(t *testing.T) {
	trusted := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("::1/128")}
	for _, c := range []struct {
		peer, want string
		header     []string
	}{
		{"203.0.113.9", "203.0.113.9", []string{"1.2.3.4"}},
		{"10.0.0.1", "1.2.3.4", []string{"1.2.3.4"}},
		{"10.0.0.1", "5.6.7.8", []string{"1.2.3.4, 5.6.7.8"}},
		{"10.0.0.1", "5.6.7.8", []string{"1.2.3.4", "5.6.7.8, 10.0.0.2"}},
		{"10.0.0.1", "10.0.0.1", []string{"garbage"}},
		{"10.0.0.1", "10.0.0.2", []string{"1.2.3.4, garbage, 10.0.0.2"}},
		{"10.0.0.1", "10.0.0.1", nil},
		{"::ffff:203.0.113.9", "203.0.113.9", []string{"1.2.3.4"}},
		{"::1", "2001:db8::1", []string{"2001:db8::1"}},
	} {
		if got := pontage.ClientAddress(netip.MustParseAddr(c.peer), c.header, trusted); got.String() != c.want {
			t.Errorf("%s %v: got %s, want %s", c.peer, c.header, got, c.want)
		}
	}
}

func TestPeriodsAreWrittenInThreeForms(t *testing.T) {
	for _, good := range []string{"", "2026", "2026-02", "2024-02-29"} {
		if _, err := pontage.ParsePeriod(good); err != nil {
			t.Errorf("%q: %v", good, err)
		}
	}
	for _, bad := range []string{"26", "2026-13", "2026-00", "2026-02-29", "2026-2-1", "2026-02-01T00:00", "2026-02-01\n", " "} {
		if _, err := pontage.ParsePeriod(bad); err == nil {
			t.Errorf("%q passed", bad)
		}
	}
	at := time.Date(2026, 1, 1, 0, 30, 0, 0, time.FixedZone("", 3600))
	if pontage.DayOf(at) != "2025-12-31" || pontage.MonthOf(at) != "2025-12" || pontage.YearOf(at) != "2025" {
		t.Error("periods are not in UTC")
	}
}

// The audit log shows what differs and nothing else, and names the actor as narrowly as it is known.
func TestAnAuditEntrySaysWhatDiffers(t *testing.T) {
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		by   pontage.Actor
		want string
	}{
		{pontage.Operator(), ""},
		{pontage.Actor{Kind: pontage.ActorUser, UserID: "usr_1", AccountID: "acc_1"}, "usr_1"},
		{pontage.Actor{Kind: pontage.ActorClient, ClientID: "cli_1", AccountID: "acc_1"}, "cli_1"},
		{pontage.Actor{Kind: pontage.ActorToken, Bearer: &pontage.Lineage{ID: "lin_1"}, AccountID: "acc_1"}, "lin_1"},
		{pontage.Actor{Kind: pontage.ActorAccount, APIKeyID: "key_1", AccountID: "acc_1"}, "key_1"},
		{pontage.Actor{Kind: pontage.ActorAccount, AccountID: "acc_1"}, "acc_1"},
	} {
		e := pontage.NewAuditEntry(c.by, at, "acc_1", "client.rename", "cli_1", pontage.AuditFields{"name": "a", "same": "x", "gone": "y"},
			pontage.AuditFields{"name": "b", "same": "x", "new": ""})
		if e.ActorID != c.want || e.Actor != c.by.Kind || len(e.Before) != 2 || e.Before["name"] != "a" || e.Before["gone"] != "y" || len(e.After) != 2 || e.After["name"] != "b" {
			t.Errorf("%+v", e)
		}
	}
	if e := pontage.NewAuditEntry(pontage.System(), at, "", "x", "y", pontage.AuditFields{"a": "b"}, pontage.AuditFields{"a": "b"}).Of("cli_1"); e.Before != nil || e.After != nil || e.ClientID != "cli_1" {
		t.Errorf("%+v", e)
	}
}

// A mail's text is not in the database, and not in another mail's place either.
func TestAMailsTextIsSealed(t *testing.T) {
	keys, err := pontage.NewKeyRing(pontage.NewKey("k1"))
	if err != nil {
		t.Fatal(err)
	}
	m := pontage.NewMail(keys, time.Unix(0, 0), time.Hour, "x", "a@example.com", "Hello", "the link")
	if text, err := m.Text(keys); err != nil || text != "the link" || strings.Contains(string(m.Sealed), "link") {
		t.Errorf("%q, %v", text, err)
	}
	other := m
	other.ID = "mai_other"
	if _, err := other.Text(keys); err == nil {
		t.Error("the text opens in another mail")
	}
	m.Sealed = nil
	if text, err := m.Text(keys); err != nil || text != "" {
		t.Errorf("%q, %v", text, err)
	}
}
