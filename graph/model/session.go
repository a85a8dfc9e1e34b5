package model

import "github.com/pontage/pontage"

// The pages of sessions.
type (
	SessionConnection = Connection[pontage.Session]
	SessionEdge       = Edge[pontage.Session]
)

// SessionFilter says which sessions a list shows; nil does not narrow it.
type SessionFilter struct{ UserAgent *string }

// LoginPayload and its siblings are the inputs and payloads of the mutations on sessions.
type (
	LoginPayload   struct{ Session pontage.Session }
	ReloginInput   struct{ Password string }
	ReloginPayload struct{ Session pontage.Session }
	LogoutInput    struct{ ClientMutationID *string }
	LogoutPayload  struct {
		ID               pontage.SessionID
		ClientMutationID *string
	}
	EndSessionInput         struct{ ID pontage.SessionID }
	EndSessionPayload       struct{ ID pontage.SessionID }
	EndOtherSessionsInput   struct{ ClientMutationID *string }
	EndOtherSessionsPayload struct {
		Ended            int
		ClientMutationID *string
	}
)
