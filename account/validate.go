package account

import (
	"net/mail"
	"strings"

	"github.com/pontage/pontage"
)

const maxEmail = 254

var (
	errUnauthorized = pontage.E(pontage.Unauthenticated, "Unauthorized")
	errOperator     = pontage.E(pontage.Forbidden, "Only the operator may do this.")
	errNotFound     = pontage.E(pontage.NotFound, "Not Found")
)

// checkEmail takes a bare ASCII address: both databases then agree on what equal without regard to case means, and the address can
// stand in HTTP Basic, whose user name ends at the first colon.
func checkEmail(email string) error {
	bad := pontage.E(pontage.InvalidInput, "This is no e-mail address.").At("/email")
	if len(email) > maxEmail || strings.ContainsFunc(email, outsideEmail) {
		return bad
	}
	parsed, err := mail.ParseAddress(email)
	if err != nil || parsed.Name != "" || parsed.Address != email {
		return bad
	}
	return nil
}

func outsideEmail(r rune) bool {
	return r <= ' ' || r > '~' || strings.ContainsRune(`:"<>()[],;\`, r)
}
