package account

import (
	"context"
	"slices"

	"github.com/pontage/pontage"
)

// Notifications lists what by's user was told, newest first; unread leaves out what was read.
func (s *Service) Notifications(ctx context.Context, by pontage.Actor, unread bool, page pontage.Keyset) ([]pontage.Notification, error) {
	if by.Kind != pontage.ActorUser {
		return nil, errNoSession
	}
	return s.store.Notifications(ctx, by.UserID, unread, page)
}

// UnreadNotifications says how many of them are new.
func (s *Service) UnreadNotifications(ctx context.Context, by pontage.Actor) (int, error) {
	if by.Kind != pontage.ActorUser {
		return 0, errNoSession
	}
	return s.store.UnreadNotifications(ctx, by.UserID)
}

// maxRead is how many notifications may be named at once.
const maxRead = 1000

// ReadNotifications marks some of the user's as read, or all for nil, and says how many were new. Those of others are passed over.
func (s *Service) ReadNotifications(ctx context.Context, by pontage.Actor, ids []pontage.NotificationID) (read int, err error) {
	if by.Kind != pontage.ActorUser {
		return 0, errNoSession
	}
	if len(ids) > maxRead {
		return 0, pontage.E(pontage.InvalidInput, "At most %d may be named at once.", maxRead).At("/ids")
	}
	err = s.store.Write(ctx, func(tx pontage.Tx) error {
		read, err = tx.ReadNotifications(ctx, by.UserID, ids, s.clock.Now())
		return err
	})
	return read, err
}

// NotificationPreferences says for each kind how by's user hears of it.
func (s *Service) NotificationPreferences(ctx context.Context, by pontage.Actor) ([]pontage.NotificationPreference, error) {
	if by.Kind != pontage.ActorUser {
		return nil, errNoSession
	}
	chosen, err := s.store.NotificationPreferences(ctx, by.UserID)
	if err != nil {
		return nil, err
	}
	return pontage.Preferences(chosen), nil
}

// ChooseNotifications changes the preferences of the kinds that are given and leaves the others. InvalidInput at "/kind" for an unknown
// kind, and for turning off what is about security.
func (s *Service) ChooseNotifications(ctx context.Context, by pontage.Actor, chosen []pontage.NotificationPreference) error {
	if by.Kind != pontage.ActorUser {
		return errNoSession
	}
	last := map[pontage.NotificationKind]pontage.NotificationPreference{}
	for _, p := range chosen {
		if !slices.Contains(pontage.NotificationKinds(), p.Kind) {
			return pontage.E(pontage.InvalidInput, "There is no such kind of notification.").At("/kind")
		}
		if p.Kind == pontage.NotifySecurity && !(p.Shown && p.Mailed) {
			return pontage.E(pontage.InvalidInput, "What is about security cannot be turned off.").At("/kind")
		}
		last[p.Kind] = p
	}
	var all []pontage.NotificationPreference
	for _, kind := range pontage.NotificationKinds() {
		if p, ok := last[kind]; ok {
			all = append(all, p)
		}
	}
	return s.store.Write(ctx, func(tx pontage.Tx) error { return tx.PutNotificationPreferences(ctx, by.UserID, all) })
}

// tell puts something about security into a person's list; its mail is a letter of its own.
func (s *Service) tell(ctx context.Context, tx pontage.Tx, user *pontage.User, title, text, target string) error {
	now := s.clock.Now()
	return tx.InsertNotification(ctx, pontage.Notification{
		ID: pontage.NewNotificationID(now), UserID: user.ID, Kind: pontage.NotifySecurity, Title: title, Text: text, Target: target, CreatedAt: now,
	})
}
