package pontage

import "time"

// User is a person who logs in. Everybody has an account of their own, which registering makes beside the user; what else they may do
// comes from roles on clients.
type User struct {
	ID        UserID
	AccountID AccountID
	// Email is as typed and unique without regard to case; it is the e-mail of the account too.
	Email string
	// Password is the argon2id hash with its parameters, empty where none can match.
	Password  string
	Profile   Profile
	CreatedAt time.Time
	// VerifiedAt is when the e-mail was proven, PasswordAt when the password was set.
	VerifiedAt time.Time
	PasswordAt time.Time
	// DeletedAt is zero for everybody who is still there; afterwards nothing of the person is left but the ids.
	DeletedAt time.Time
}

// Profile is what a person tells of themselves. Everything may be empty.
type Profile struct {
	Name        string `json:"name,omitempty"`
	GivenName   string `json:"givenName,omitempty"`
	FamilyName  string `json:"familyName,omitempty"`
	Phone       string `json:"phone,omitempty"`
	SecondEmail string `json:"secondEmail,omitempty"`
	Gender      string `json:"gender,omitempty"`
	// BirthDate is "2006-01-02".
	BirthDate string `json:"birthDate,omitempty"`
	// Country is ISO 3166-1 alpha-2, Locale BCP 47, TimeZone of the IANA database.
	Country  string `json:"country,omitempty"`
	Locale   string `json:"locale,omitempty"`
	TimeZone string `json:"timeZone,omitempty"`
	// Picture is an https URL.
	Picture string          `json:"picture,omitempty"`
	Socials []SocialProfile `json:"socials,omitempty"`
}

// SocialProfile is a person's page elsewhere.
type SocialProfile struct {
	Platform string `json:"platform"`
	Username string `json:"username"`
	URL      string `json:"url"`
}
