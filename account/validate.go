package account

import (
	"github.com/pontage/pontage"
)

var (
	errUnauthorized = pontage.E(pontage.Unauthenticated, "Unauthorized")
	errOperator     = pontage.E(pontage.Forbidden, "Only the operator may do this.")
	errNotFound     = pontage.E(pontage.NotFound, "Not Found")
)

// checkEmail refuses what is no bare address; see pontage.IsEmail.
func checkEmail(email string) error {
	if !pontage.IsEmail(email) {
		return pontage.E(pontage.InvalidInput, "This is no e-mail address.").At("/email")
	}
	return nil
}
