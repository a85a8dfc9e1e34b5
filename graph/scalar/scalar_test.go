package scalar

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"github.com/pontage/pontage"
)

// kinds pairs reading and writing: what is read is written so that it reads the same.
var kinds = map[string]func(v any) (graphql.Marshaler, error){
	"Money":     pair(UnmarshalMoney, MarshalMoney),
	"Long":      pair(UnmarshalLong, MarshalLong),
	"DateTime":  pair(UnmarshalDateTime, MarshalDateTime),
	"IPPrefix":  pair(UnmarshalIPPrefix, MarshalIPPrefix),
	"IPAddress": pair(UnmarshalIPAddress, MarshalIPAddress),
	"URL":       pair(UnmarshalURL, MarshalURL),
}

func pair[T any](read func(any) (T, error), write func(T) graphql.Marshaler) func(any) (graphql.Marshaler, error) {
	return func(v any) (graphql.Marshaler, error) {
		t, err := read(v)
		if err != nil {
			return nil, err
		}
		return write(t), nil
	}
}

func written(m graphql.Marshaler) string {
	var b bytes.Buffer
	m.MarshalGQL(&b)
	return b.String()
}

// What a partner writes is taken exactly or refused by name; nothing is rounded, guessed or cut on the way to the ledger.
func TestScalarsTakeWhatIsValidAndNothingElse(t *testing.T) {
	for _, c := range []struct {
		kind string
		in   any
		want string // "" for refused
	}{
		{"Money", "12.5", `"12.5"`}, {"Money", json.Number("0.000001"), `"0.000001"`}, {"Money", int64(3), `"3"`},
		{"Money", "0.0000001", ""}, {"Money", 0.1, ""}, {"Money", "NaN", ""}, {"Money", "1000000001", ""}, {"Money", true, ""}, {"Money", nil, ""},
		{"Long", json.Number("9223372036854775807"), "9223372036854775807"}, {"Long", "12", "12"}, {"Long", int64(-1), "-1"},
		{"Long", json.Number("9223372036854775808"), ""}, {"Long", "1.0", ""}, {"Long", "+1", ""}, {"Long", 1.5, ""}, {"Long", "", ""},
		{"DateTime", "2026-11-20T10:30:00+01:00", `"2026-11-20T09:30:00Z"`}, {"DateTime", "2026-11-20T09:30:00.1234567Z", `"2026-11-20T09:30:00.123456Z"`},
		{"DateTime", "2026-11-20", ""}, {"DateTime", "1969-12-31T23:59:59Z", ""}, {"DateTime", int64(5), ""},
		{"IPPrefix", "203.0.113.7", `"203.0.113.7"`}, {"IPPrefix", "203.0.113.7/24", `"203.0.113.0/24"`}, {"IPPrefix", "::ffff:1.2.3.4", `"1.2.3.4"`},
		{"IPPrefix", "::ffff:1.2.3.0/120", `"1.2.3.0/24"`}, {"IPPrefix", "::ffff:1.2.3.0/90", ""}, {"IPPrefix", "fe80::1%eth0", ""}, {"IPPrefix", "1.2.3", ""},
		{"IPAddress", "2001:db8::1", `"2001:db8::1"`}, {"IPAddress", "::ffff:1.2.3.4", `"1.2.3.4"`}, {"IPAddress", "fe80::1%eth0", ""},
		{"URL", "https://shop.example/cb?a=1", `"https://shop.example/cb?a=1"`}, {"URL", "ftp://x", ""}, {"URL", "/cb", ""}, {"URL", "https://u:p@x", ""},
		{"URL", "https://", ""}, {"URL", "https://x/\x00", ""}, {"URL", int64(1), ""},
	} {
		m, err := kinds[c.kind](c.in)
		switch {
		case c.want == "" && (err == nil || pontage.CodeOf(err) != pontage.InvalidInput):
			t.Errorf("%s takes %v: %v", c.kind, c.in, err)
		case c.want != "" && err != nil:
			t.Errorf("%s refuses %v: %v", c.kind, c.in, err)
		case c.want != "" && written(m) != c.want:
			t.Errorf("%s makes %s of %v", c.kind, written(m), c.in)
		}
	}
}

func TestNothingIsNull(t *testing.T) {
	if written(MarshalDateTime(time.Time{})) != "null" || written(MarshalURL("")) != "null" {
		t.Error("a zero time or an empty URL is not null")
	}
}

// Whatever text comes, reading ends, and what was read is written as valid JSON that reads to the same.
func FuzzScalars(f *testing.F) {
	for _, seed := range []string{"12.5", "1e-3", "-0", "2026-11-20T09:30:00Z", "::ffff:1.2.3.0/120", "https://x.example/\u2028\"", "http://\x8c", "99999999999999999999"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, in string) {
		for kind, read := range kinds {
			m, err := read(in)
			if err != nil {
				if pontage.CodeOf(err) != pontage.InvalidInput {
					t.Errorf("%s: %v", kind, err)
				}
				continue
			}
			var back any
			decoder := json.NewDecoder(bytes.NewReader([]byte(written(m))))
			decoder.UseNumber()
			if err := decoder.Decode(&back); err != nil {
				t.Fatalf("%s writes %s of %q: %v", kind, written(m), in, err)
			}
			if again, err := read(back); err != nil || written(again) != written(m) {
				t.Errorf("%s: %q became %s, which does not read back: %v", kind, in, written(m), err)
			}
		}
	})
}
