package model

import "github.com/pontage/pontage"

// The pages of the audit log.
type (
	AuditEntryConnection = Connection[pontage.AuditEntry]
	AuditEntryEdge       = Edge[pontage.AuditEntry]
)

// AuditField is one field of what was changed.
type AuditField struct{ Name, Value string }

// AuditFilter says which entries the audit log shows; nil fields do not narrow it.
type AuditFilter struct {
	Action, Target, ActorID *string
	ClientID                *pontage.ClientID
}
