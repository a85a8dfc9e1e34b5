package sandbox_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/sandbox"
)

func header(values ...string) http.Header { return http.Header{pontage.HeaderSimulate: values} }

// Every line of the table is read by its own value, alone and beside a delay, however it is spaced or cased.
func TestEveryValueIsRead(t *testing.T) {
	seen := map[pontage.Supposition]string{}
	for _, s := range sandbox.Simulations() {
		for _, h := range []http.Header{header(s.Value), header("  " + strings.ToUpper(s.Value) + " ")} {
			got, err := sandbox.ReadSimulation(h)
			if err != nil || got == (pontage.Supposition{}) {
				t.Errorf("%s: %+v %v", s.Value, got, err)
			}
			if other, taken := seen[got]; taken && other != s.Value {
				t.Errorf("%s and %s are the same", s.Value, other)
			}
			seen[got] = s.Value
		}
		if s.Effect == "" || s.Code != "" && s.Code.Failure().Status != s.Status {
			t.Errorf("%+v", s)
		}
	}
	got, err := sandbox.ReadSimulation(header("slow=250ms, upstream-503"))
	if want := (pontage.Supposition{Status: 503, Delay: 250 * time.Millisecond}); err != nil || got != want {
		t.Errorf("%+v %v", got, err)
	}
	if both, err := sandbox.ReadSimulation(header("upstream-503", "slow=250ms")); err != nil || both != got {
		t.Errorf("two lines: %+v %v", both, err)
	}
	if none, err := sandbox.ReadSimulation(http.Header{}); err != nil || none != (pontage.Supposition{}) {
		t.Errorf("absent: %+v %v", none, err)
	}
}

// Whoever misspells a value must not take the usual answer for the one they rehearse; the refusal lists what there is.
func TestUnknownValuesAreRefusedWithTheList(t *testing.T) {
	for _, value := range []string{"", " ", "upstream-200", "rate", "slow", "slow=", "slow=-1s", "slow=0s", "slow=26s", "slow=1h", "slow=x",
		"slow=1s,slow=1s", "scope, ip", "scope,", ",", "upstream-500,upstream-503", strings.Repeat("slow=1s,", 99)} {
		got, err := sandbox.ReadSimulation(header(value))
		e := pontage.Public(err)
		if err == nil || e.Code != pontage.InvalidInput || e.Field != pontage.HeaderSimulate || got != (pontage.Supposition{}) {
			t.Errorf("%q: %+v %v", value, got, err)
			continue
		}
		if !strings.Contains(value, "slow") && (!strings.Contains(e.Message, "insufficient-credit") || !strings.Contains(e.Message, "slow=")) {
			t.Errorf("%q: %s", value, e.Message)
		}
	}
}

// FuzzReadSimulation holds the reader to its promise: it refuses, or gives one thing to suppose within the bounds.
func FuzzReadSimulation(f *testing.F) {
	for _, s := range sandbox.Simulations() {
		f.Add(s.Value)
	}
	f.Add("slow=9223372036854775807ns, upstream-503")
	f.Add("slow=1e9h")
	f.Fuzz(func(t *testing.T, value string) {
		s, err := sandbox.ReadSimulation(header(value))
		if err != nil {
			if pontage.CodeOf(err) != pontage.InvalidInput || s != (pontage.Supposition{}) {
				t.Errorf("%q: %+v %v", value, s, err)
			}
			return
		}
		said := 0
		for _, one := range []bool{s.Fact != "", s.Outage != "", s.Status != 0} {
			if one {
				said++
			}
		}
		if said > 1 || said == 0 && s.Delay == 0 || s.Delay < 0 || s.Delay > sandbox.MaxDelay {
			t.Errorf("%q: %+v", value, s)
		}
	})
}
