package model

// RegisterPayload and its siblings are the inputs and payloads of the mutations by which people come in.
type (
	RegisterPayload             struct{ Email string }
	ResendVerificationInput     struct{ Email string }
	ResendVerificationPayload   struct{ Email string }
	VerifyEmailInput            struct{ Code string }
	VerifyEmailPayload          struct{ Email string }
	AcceptInvitationInput       struct{ Code, Password string }
	AcceptInvitationPayload     struct{ Email string }
	RequestPasswordResetInput   struct{ Email string }
	RequestPasswordResetPayload struct{ Email string }
	ResetPasswordInput          struct{ Code, Password string }
	ResetPasswordPayload        struct{ Changed bool }
)
