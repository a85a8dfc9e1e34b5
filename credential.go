package pontage

import (
	"crypto/rand"
	"crypto/subtle"
	"strings"
)

// Credentials makes and reads the secrets of one instance. They all look alike:
//
//	pt_live_<id>_<43 characters of secret><8 characters of MAC>
//
// The prefix names the instance so that leak scanners find them and the other instance refuses them at once; the id finds the
// row; the MAC lets a forgery fail before any read. Stored is only KeyRing.Hash of the whole text.
type Credentials struct {
	// Prefix is "pt_live" or "pt_test".
	Prefix string
	Keys   *KeyRing
}

const (
	alphabet     = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	secretLength = 43 // 62^43 > 2^256
	macLength    = 8
	maxID        = 64
)

// New makes a credential for the row id: a TokenID, RefreshTokenID, APIKeyID or SecretID.
func (c Credentials) New(id string) string {
	text := c.Prefix + "_" + id + "_" + randomSecret()
	return text + encodeMAC(c.Keys.keys[0].shortMAC(text))
}

// Parse gives the id inside text if the prefix is ours and the MAC is true under any key; it proves nothing more: the caller
// must still compare the stored hash.
func (c Credentials) Parse(text string) (id string, ok bool) {
	rest, ok := strings.CutPrefix(text, c.Prefix+"_")
	if !ok {
		return "", false
	}
	cut := len(rest) - secretLength - macLength - 1
	if cut < 1 || cut > maxID || rest[cut] != '_' {
		return "", false
	}
	body, mac := text[:len(text)-macLength], text[len(text)-macLength:]
	for i := range c.Keys.keys {
		want := encodeMAC(c.Keys.keys[i].shortMAC(body))
		if subtle.ConstantTimeCompare([]byte(want), []byte(mac)) == 1 {
			return rest[:cut], true
		}
	}
	return "", false
}

// randomSecret is 43 random letters of the alphabet: more than 256 bits.
func randomSecret() string {
	out := make([]byte, 0, secretLength)
	for len(out) < secretLength {
		var random [secretLength + secretLength/4]byte
		rand.Read(random[:])
		for _, b := range random {
			// Six bits are one of 64; the two that are no letter are thrown away, so that every letter is as likely.
			if b &= 63; int(b) < len(alphabet) && len(out) < secretLength {
				out = append(out, alphabet[b])
			}
		}
	}
	return string(out)
}

func encodeMAC(n uint64) string {
	var out [macLength]byte
	for i := range out {
		out[i] = alphabet[n%62]
		n /= 62
	}
	return string(out[:])
}
