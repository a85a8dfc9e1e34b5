package pontage_test

import (
	"strings"
	"testing"
	"time"

	"github.com/pontage/pontage"
)

func credentials(t testing.TB, prefix string, keys ...pontage.Key) pontage.Credentials {
	t.Helper()
	ring, err := pontage.NewKeyRing(keys...)
	if err != nil {
		t.Fatal(err)
	}
	return pontage.Credentials{Prefix: prefix, Keys: ring}
}

// A cut, changed or foreign credential is refused before any read.
func TestForgedCredentialsFailByTheirMAC(t *testing.T) {
	live := credentials(t, "pt_live", pontage.NewKey("a"))
	id := string(pontage.NewTokenID(time.Now()))
	text := live.New(id)
	if got, ok := live.Parse(text); !ok || got != id {
		t.Fatalf("our own credential gave %q, %v", got, ok)
	}
	for i := range text {
		changed := []byte(text)
		changed[i] ^= 1
		if _, ok := live.Parse(string(changed)); ok {
			t.Errorf("byte %d flipped and still good", i)
		}
		if _, ok := live.Parse(text[:i]); ok {
			t.Errorf("cut at %d and still good", i)
		}
	}
	if _, ok := live.Parse(text + "0"); ok {
		t.Error("one character more and still good")
	}
	sandbox := credentials(t, "pt_test", pontage.NewKey("a"))
	if _, ok := sandbox.Parse(text); ok {
		t.Error("a production credential is good in the sandbox")
	}
	renamed := "pt_test" + strings.TrimPrefix(text, "pt_live")
	if _, ok := sandbox.Parse(renamed); ok {
		t.Error("a renamed production credential is good in the sandbox")
	}
}

// After a rotation of the server's keys, what was issued before is still good and what is issued now uses the new key.
func TestKeyRingVerifiesUnderOldKeysAndSignsUnderTheNew(t *testing.T) {
	first, second := pontage.NewKey("1"), pontage.NewKey("2")
	before := credentials(t, "pt_live", first)
	text := before.New("key_x")
	keyID, hash := before.Keys.Hash(text)

	after := credentials(t, "pt_live", second, first)
	if _, ok := after.Parse(text); !ok || !after.Keys.Matches(text, keyID, hash) {
		t.Error("a credential from before the rotation is refused")
	}
	if id, _ := after.Keys.Hash(text); id != "2" {
		t.Errorf("signed under %s", id)
	}
	gone := credentials(t, "pt_live", second)
	if _, ok := gone.Parse(text); ok || gone.Keys.Matches(text, keyID, hash) {
		t.Error("good although its key is gone")
	}
	if after.Keys.Matches(text, keyID, nil) || after.Keys.Matches("", "", nil) {
		t.Error("an empty hash matches")
	}
}

// What is sealed opens under its label and key alone.
func TestSealedSecretsOpenUnderTheirLabelAlone(t *testing.T) {
	ring := credentials(t, "pt_live", pontage.NewKey("1")).Keys
	keyID, sealed := ring.Seal("api_1", []byte("X-Key: s3cret"))
	if plain, err := ring.Open("api_1", keyID, sealed); err != nil || string(plain) != "X-Key: s3cret" {
		t.Fatalf("%q, %v", plain, err)
	}
	for _, try := range []func() ([]byte, error){
		func() ([]byte, error) { return ring.Open("api_2", keyID, sealed) },
		func() ([]byte, error) { return ring.Open("api_1", "2", sealed) },
		func() ([]byte, error) { return ring.Open("api_1", keyID, sealed[:5]) },
		func() ([]byte, error) { return ring.Open("api_1", keyID, append([]byte{1}, sealed...)) },
	} {
		if plain, err := try(); err == nil {
			t.Errorf("opened as %q", plain)
		}
	}
}

func TestTenThousandTokenIDsAndSecretsAreDistinctAndOfOneLength(t *testing.T) {
	c, now := credentials(t, "pt_live", pontage.NewKey("1")), time.Now()
	seen := map[string]bool{}
	for range 10_000 {
		id := pontage.NewTokenID(now)
		text := c.New(string(id))
		if !id.Valid() || len(text) != len("pt_live_")+24+1+51 || seen[text] || seen[string(id)] {
			t.Fatalf("bad or repeated: %s", id)
		}
		seen[text], seen[string(id)] = true, true
	}
}

func FuzzParseCredential(f *testing.F) {
	c := credentials(f, "pt_live", pontage.NewKey("1"))
	good := c.New("0123456789abcdef01234567")
	f.Add(good)
	f.Add("pt_live__")
	f.Add("")
	f.Fuzz(func(t *testing.T, text string) {
		if _, ok := c.Parse(text); ok && text != good {
			t.Fatalf("forged: %q", text)
		}
	})
}

func BenchmarkParseCredential(b *testing.B) {
	c := credentials(b, "pt_live", pontage.NewKey("1"))
	text := c.New("0123456789abcdef01234567")
	for b.Loop() {
		if _, ok := c.Parse(text); !ok {
			b.Fatal("refused")
		}
	}
}
