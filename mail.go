package pontage

import (
	"fmt"
	"time"
)

// Mail is a message to one person in the outbox: it is written in the transaction that caused it and sent afterwards. Its text is kept
// encrypted, because the links in it are as good as a password.
type Mail struct {
	ID MailID
	// Kind names what it is about, such as "verify_email".
	Kind      string
	Recipient string
	Subject   string
	// KeyID and Sealed are the text; Sealed is empty once the mail was sent.
	KeyID     string
	Sealed    []byte
	CreatedAt time.Time
	// SendBy is when it is not worth sending any more, ExpiresAt when it is forgotten.
	SendBy    time.Time
	ExpiresAt time.Time
	// NextAt is when to try next; Attempts were made, the last of which ended with Failure where SentAt is zero.
	NextAt   time.Time
	Attempts int
	SentAt   time.Time
	Failure  string
}

// mailKept is how long the outbox remembers a mail.
const mailKept = 30 * 24 * time.Hour

// NewMail seals a text for the outbox; life is how long it is worth sending.
func NewMail(keys *KeyRing, at time.Time, life time.Duration, kind, recipient, subject, text string) Mail {
	m := Mail{
		ID: NewMailID(at), Kind: kind, Recipient: recipient, Subject: subject,
		CreatedAt: at, NextAt: at, SendBy: at.Add(life), ExpiresAt: at.Add(mailKept),
	}
	m.KeyID, m.Sealed = keys.Seal(m.label(), []byte(text))
	return m
}

// Text opens the text; it is empty where the mail was sent. An error says that the key is missing.
func (m Mail) Text(keys *KeyRing) (string, error) {
	if len(m.Sealed) == 0 {
		return "", nil
	}
	text, err := keys.Open(m.label(), m.KeyID, m.Sealed)
	if err != nil {
		return "", fmt.Errorf("mail %s: %w", m.ID, err)
	}
	return string(text), nil
}

func (m Mail) label() string { return "mail " + string(m.ID) }
