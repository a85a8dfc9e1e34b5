package pontage

import (
	"context"
	"time"
)

// NotificationKind is what a person may want to hear of, or not.
type NotificationKind string

// The kinds of notification.
const (
	NotifySecurity NotificationKind = "security" // logins, passwords, keys; always shown and mailed
	NotifyMoney    NotificationKind = "money"    // thresholds of the wallet, payments, subscriptions
	NotifyUsage    NotificationKind = "usage"    // limits and allowances of tokens and scopes
	NotifyAccess   NotificationKind = "access"   // invitations, requests and what became of them
	NotifyProduct  NotificationKind = "product"  // what is new
)

// NotificationKinds lists them.
func NotificationKinds() []NotificationKind {
	return []NotificationKind{NotifySecurity, NotifyMoney, NotifyUsage, NotifyAccess, NotifyProduct}
}

// Notification tells one person something.
type Notification struct {
	ID     NotificationID
	UserID UserID
	Kind   NotificationKind
	Title  string
	Text   string
	// Target is the id of what it is about, empty for nothing in particular.
	Target    string
	CreatedAt time.Time
	// ReadAt is zero while it is new.
	ReadAt time.Time
}

// NotificationsKept is how long people can look back.
const NotificationsKept = 365 * 24 * time.Hour

// NotificationPreference says how a person hears of a kind.
type NotificationPreference struct {
	Kind NotificationKind
	// Shown puts it into the dashboard's list, Mailed sends it too.
	Shown, Mailed bool
}

// DefaultPreference is how people hear of a kind until they choose.
func DefaultPreference(kind NotificationKind) NotificationPreference {
	return NotificationPreference{Kind: kind, Shown: true, Mailed: kind != NotifyUsage && kind != NotifyProduct}
}

// Preferences completes what a person chose with the defaults, in the order of NotificationKinds; what cannot be chosen stays.
func Preferences(chosen []NotificationPreference) []NotificationPreference {
	all := make([]NotificationPreference, 0, len(NotificationKinds()))
	for _, kind := range NotificationKinds() {
		p := DefaultPreference(kind)
		for _, c := range chosen {
			if c.Kind == kind && kind != NotifySecurity {
				p = c
			}
		}
		all = append(all, p)
	}
	return all
}

// notificationLife is how long a notification is worth mailing.
const notificationLife = 3 * 24 * time.Hour

// Notify tells a person something as they want to hear it: in the dashboard's list, by mail, or not at all. It is called in the
// transaction of what happened; n needs user, kind, title, text and time.
func Notify(ctx context.Context, tx Tx, keys *KeyRing, n Notification) error {
	user, err := tx.User(ctx, n.UserID)
	if err != nil || !user.DeletedAt.IsZero() {
		return err
	}
	chosen, err := tx.NotificationPreferences(ctx, n.UserID)
	if err != nil {
		return err
	}
	var want NotificationPreference
	for _, p := range Preferences(chosen) {
		if p.Kind == n.Kind {
			want = p
		}
	}
	n.ID = NewNotificationID(n.CreatedAt)
	if want.Shown {
		if err := tx.InsertNotification(ctx, n); err != nil {
			return err
		}
	}
	if !want.Mailed {
		return nil
	}
	return tx.InsertMail(ctx, NewMail(keys, n.CreatedAt, notificationLife, "notification", user.Email, n.Title, n.Text+"\n"))
}
