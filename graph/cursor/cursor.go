package cursor

import (
	"encoding/base64"
	"encoding/binary"
	"strings"
	"time"

	"github.com/pontage/pontage"
)

// Codec makes and reads cursors.
type Codec struct{ Keys *pontage.KeyRing }

// List says where a cursor is good: a list of an account, with everything that chooses and sorts its entries.
type List struct {
	Account pontage.AccountID
	// Name is the field, with what it is a field of where that is not the account.
	Name string
	// Parts are order and filter.
	Parts []string
}

// maxCursor bounds what is looked at.
const maxCursor = 2048

var errForeign = pontage.E(pontage.InvalidInput, "The cursor does not belong to this list. Begin it again.").At("after")

// Encode names a place.
func (c Codec) Encode(l List, p pontage.Place) string {
	body := bodyOf(p)
	keyID, signature := c.Keys.Sign(signed(l, body))
	packed := append([]byte{byte(len(keyID))}, keyID...)
	return base64.RawURLEncoding.EncodeToString(append(append(packed, signature...), body...))
}

// Decode gives the place; whatever Encode has not made for this list is InvalidInput at "after".
func (c Codec) Decode(l List, text string) (pontage.Place, error) {
	if len(text) > maxCursor {
		return pontage.Place{}, errForeign
	}
	packed, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(packed) < 1 {
		return pontage.Place{}, errForeign
	}
	const macSize = 32
	keyEnd := 1 + int(packed[0])
	if len(packed) < keyEnd+macSize+8 {
		return pontage.Place{}, errForeign
	}
	body := string(packed[keyEnd+macSize:])
	if !c.Keys.Signed(signed(l, body), string(packed[1:keyEnd]), packed[keyEnd:keyEnd+macSize]) {
		return pontage.Place{}, errForeign
	}
	return placeOf(body), nil
}

// keyed stands where the time would, in places that have a text instead: its length and itself follow. No time is as early as that.
const keyed = 1 << 63

func bodyOf(p pontage.Place) string {
	if p.Key == "" {
		return string(binary.BigEndian.AppendUint64(nil, uint64(p.At.UnixMicro()))) + p.ID
	}
	head := binary.BigEndian.AppendUint64(nil, keyed)
	return string(binary.BigEndian.AppendUint16(head, uint16(len(p.Key)))) + p.Key + p.ID
}

// placeOf is the reverse of bodyOf for what bodyOf has made.
func placeOf(body string) pontage.Place {
	first := binary.BigEndian.Uint64([]byte(body[:8]))
	if first != keyed || len(body) < 10 {
		return pontage.Place{At: time.UnixMicro(int64(first)).UTC(), ID: body[8:]}
	}
	rest := body[10:]
	n := min(int(binary.BigEndian.Uint16([]byte(body[8:10]))), len(rest))
	return pontage.Place{Key: rest[:n], ID: rest[n:]}
}

// signed is what the MAC is made of; the hash keeps the parts apart.
func signed(l List, body string) string {
	parts := append([]string{"graphql cursor", string(l.Account), l.Name, body}, l.Parts...)
	return strings.Join([]string{"cursor", string(pontage.HashParts(parts...))}, "\x00")
}
