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
const maxCursor = 512

var errForeign = pontage.E(pontage.InvalidInput, "The cursor does not belong to this list. Begin it again.").At("after")

// Encode names a place.
func (c Codec) Encode(l List, p pontage.Place) string {
	body := string(binary.BigEndian.AppendUint64(nil, uint64(p.At.UnixMicro()))) + p.ID
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
	at := time.UnixMicro(int64(binary.BigEndian.Uint64([]byte(body[:8])))).UTC()
	return pontage.Place{At: at, ID: body[8:]}, nil
}

// signed is what the MAC is made of; the hash keeps the parts apart.
func signed(l List, body string) string {
	parts := append([]string{"graphql cursor", string(l.Account), l.Name, body}, l.Parts...)
	return strings.Join([]string{"cursor", string(pontage.HashParts(parts...))}, "\x00")
}
