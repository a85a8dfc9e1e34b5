package oauth

import (
	"errors"
	"testing"

	"github.com/pontage/pontage"
)

// Two spellings of one address must be one address, or a list would refuse whom it names.
func TestAddressesAreCanonical(t *testing.T) {
	for text, want := range map[string]string{
		"192.0.2.1": "192.0.2.1", "192.0.2.1/32": "192.0.2.1", "192.0.2.77/24": "192.0.2.0/24",
		"::ffff:192.0.2.1": "192.0.2.1", "::ffff:192.0.2.0/120": "192.0.2.0/24", "2001:DB8::1": "2001:db8::1", "2001:db8::1/32": "2001:db8::/32",
		"0.0.0.0/0": "0.0.0.0/0", "::/0": "::/0",
	} {
		list, err := ParseAddresses([]string{text})
		if err != nil || AddressText(list[0]) != want {
			t.Errorf("%s: got %v, %v; want %s", text, list, err, want)
		}
	}
}

// A list that was only half understood would let strangers in or shut partners out.
func TestAddressesThatMeanNothingAreNamed(t *testing.T) {
	for _, text := range []string{
		"", " ", "localhost", "192.0.2", "192.0.2.1/33", "192.0.2.1/", "/24", "fe80::1%eth0", "fe80::%eth0/64", "::ffff:192.0.2.0/90", "1.2.3.4\x00",
		"192.0.2.1,192.0.2.2", "0x7f.0.0.1", "010.0.0.1",
	} {
		_, err := ParseAddresses([]string{"192.0.2.1", text})
		var e *pontage.Error
		if !errors.As(err, &e) || e.Code != pontage.InvalidInput || e.Field != "/limits/ip/1" {
			t.Errorf("%q: got %v", text, err)
		}
	}
	if _, err := ParseAddresses(make([]string, maxAddresses+1)); pontage.CodeOf(err) != pontage.InvalidInput {
		t.Errorf("a list of %d was taken", maxAddresses+1)
	}
}

func FuzzParseAddresses(f *testing.F) {
	for _, seed := range []string{"192.0.2.1", "10.0.0.0/8", "::1", "::ffff:10.0.0.0/104", "fe80::1%lo", "1/2/3"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		list, err := ParseAddresses([]string{text})
		if err != nil {
			return
		}
		again, err := ParseAddresses([]string{AddressText(list[0])})
		if err != nil || again[0] != list[0] {
			t.Fatalf("%q became %v, which reads as %v, %v", text, list, again, err)
		}
	})
}
