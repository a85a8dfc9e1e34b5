package docs

import (
	"net/http"
)

// door is a page that a mailed link leads to, where there is no dashboard: its form carries out what the mail was about.
type door struct {
	Title, Lead string
	// Action is what the form sends, Verb its button.
	Action, Verb string
	// Email and Password say whether they are asked for; a password is "current" or "new".
	Email    bool
	Password string
	// Done is what is said where no key follows.
	Done string
}

// doors are by the last segment of the links.
var doors = map[string]door{
	"verify-email": {Title: "Confirm your e-mail address", Action: "verify", Verb: "Confirm and get an API key", Password: "current",
		Lead: "One step is left: with the password you chose, this opens your account and makes your first API key."},
	"accept-invitation": {Title: "Open your account", Action: "accept", Verb: "Open it and get an API key", Password: "new",
		Lead: "An account waits for you. Choose its password; then your first API key is made."},
	"reset-password": {Title: "Choose a new password", Action: "reset", Verb: "Change the password", Password: "new",
		Lead: "The link is good once. All sessions end with it, API keys go on.", Done: "Your password is changed, and all sessions have ended."},
	"confirm-email": {Title: "Confirm your new e-mail address", Action: "confirm", Verb: "Confirm it",
		Lead: "From then on you log in with this address, and it is the user name of your API keys.", Done: "Your e-mail address is changed."},
	"join": {Title: "Join a client", Action: "join", Verb: "Accept the invitation", Email: true, Password: "current",
		Lead: "Log in with the e-mail address that was invited. Without an account, register with it first.", Done: "You are a member now."},
}

// entry is what the forms need by which people come in.
type entry struct {
	// Actions names what the forms send, as JSON.
	Actions string
	// Mails says that mails leave by themselves, Outbox that this reader may see those that do not.
	Mails, Outbox bool
	// Play says that accounts begin with play money.
	Play bool
	// Door is nil on the page where people register.
	Door *door
}

func (l *Library) entry(r *http.Request) entry {
	e := entry{Actions: actionIDs, Mails: l.SendsMail, Play: len(l.Simulations) > 0}
	e.Outbox = !e.Mails && l.Letters != nil && l.Letters.Visible(r)
	return e
}

// door answers what a mailed link leads to.
func (l *Library) door(w http.ResponseWriter, r *http.Request, d door) {
	e := l.entry(r)
	e.Door = &d
	l.show(w, r, "door", http.StatusOK, page{Title: d.Title, Summary: d.Lead, Content: e})
}
