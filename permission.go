package pontage

import "slices"

// Permission is one thing a member may do on a client.
type Permission string

// The permissions.
const (
	ClientRead     Permission = "client.read"
	ClientWrite    Permission = "client.write"
	ClientDisable  Permission = "client.disable"
	ClientDelete   Permission = "client.delete"
	DomainRead     Permission = "domain.read"
	DomainWrite    Permission = "domain.write"
	SecretRead     Permission = "secret.read"
	SecretWrite    Permission = "secret.write"
	ScopeRead      Permission = "scope.read"
	ScopeWrite     Permission = "scope.write"
	MemberRead     Permission = "member.read"
	MemberWrite    Permission = "member.write"
	RoleRead       Permission = "role.read"
	RoleWrite      Permission = "role.write"
	TokenRead      Permission = "token.read"
	TokenWrite     Permission = "token.write"
	WalletRead     Permission = "wallet.read"
	StatisticsRead Permission = "statistics.read"
	CallRead       Permission = "call.read"
	AuditRead      Permission = "audit.read"
)

// Permissions lists them.
func Permissions() []Permission {
	return []Permission{ClientRead, ClientWrite, ClientDisable, ClientDelete, DomainRead, DomainWrite, SecretRead, SecretWrite, ScopeRead, ScopeWrite,
		MemberRead, MemberWrite, RoleRead, RoleWrite, TokenRead, TokenWrite, WalletRead, StatisticsRead, CallRead, AuditRead}
}

// Valid says whether there is such a permission.
func (p Permission) Valid() bool { return slices.Contains(Permissions(), p) }
