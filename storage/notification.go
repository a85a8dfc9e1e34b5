package storage

import (
	"context"
	"time"

	"github.com/pontage/pontage"
)

const notificationColumns = "id, user_id, kind, title, body, target, created_at, read_at"

func notificationTargets(n *pontage.Notification) []any {
	return []any{&n.ID, &n.UserID, &n.Kind, &n.Title, &n.Text, &n.Target, timeInto(&n.CreatedAt), timeInto(&n.ReadAt)}
}

// Notifications implements pontage.NotificationReader.
func (r reader) Notifications(ctx context.Context, user pontage.UserID, unread bool, page pontage.Keyset) ([]pontage.Notification, error) {
	s := r.fixed("SELECT " + notificationColumns + " FROM notifications n WHERE n.user_id = ").value(func(s *statement) { s.string(string(user)) })
	if unread {
		s.sql(" AND n.read_at IS NULL")
	}
	return listAfter(ctx, r, s, "n", page, "notification", notificationTargets)
}

// UnreadNotifications implements pontage.NotificationReader.
func (r reader) UnreadNotifications(ctx context.Context, user pontage.UserID) (int, error) {
	s := r.fixed("SELECT count(*) FROM notifications WHERE read_at IS NULL AND user_id = ").value(func(s *statement) { s.string(string(user)) })
	n, err := one(ctx, r, s, "notification", func(n *int) []any { return []any{n} })
	if err != nil {
		return 0, err
	}
	return *n, nil
}

// NotificationPreferences implements pontage.NotificationReader.
func (r reader) NotificationPreferences(ctx context.Context, user pontage.UserID) ([]pontage.NotificationPreference, error) {
	s := r.fixed("SELECT kind, shown, mailed FROM notification_preferences WHERE user_id = ").value(func(s *statement) { s.string(string(user)) })
	return list(ctx, r, s.sql(" ORDER BY kind"), "notification", func(p *pontage.NotificationPreference) []any {
		return []any{&p.Kind, &p.Shown, &p.Mailed}
	})
}

// InsertNotification implements pontage.NotificationWriter.
func (t tx) InsertNotification(ctx context.Context, n pontage.Notification) error {
	s := t.fixed("INSERT INTO notifications (id, user_id, kind, title, body, target, created_at, expires_at, read_at) VALUES ")
	s.rows(1, func(int) {
		s.string(string(n.ID)).string(string(n.UserID)).string(string(n.Kind)).string(n.Title).string(n.Text).string(n.Target)
		s.moment(n.CreatedAt).moment(n.CreatedAt.Add(pontage.NotificationsKept)).time(n.ReadAt)
	})
	return t.insertFresh(ctx, s, 1, "notification")
}

// ReadNotifications implements pontage.NotificationWriter.
func (t tx) ReadNotifications(ctx context.Context, user pontage.UserID, ids []pontage.NotificationID, at time.Time) (int, error) {
	if ids != nil && len(ids) == 0 {
		return 0, nil
	}
	s := t.fixed("UPDATE notifications SET read_at = ").value(func(s *statement) { s.moment(at) })
	s.sql(" WHERE read_at IS NULL AND user_id = ").value(func(s *statement) { s.string(string(user)) })
	if ids != nil {
		in(s.sql(" AND id IN "), ids)
	}
	return t.change(ctx, s, "notification")
}

// PutNotificationPreferences implements pontage.NotificationWriter.
func (t tx) PutNotificationPreferences(ctx context.Context, user pontage.UserID, chosen []pontage.NotificationPreference) error {
	if len(chosen) == 0 {
		return nil
	}
	s := t.statement("INSERT INTO notification_preferences (user_id, kind, shown, mailed) VALUES ")
	s.rows(len(chosen), func(i int) {
		s.string(string(user)).string(string(chosen[i].Kind)).flag(chosen[i].Shown).flag(chosen[i].Mailed)
	})
	s.sql(" ON CONFLICT (user_id, kind) DO UPDATE SET shown = excluded.shown, mailed = excluded.mailed")
	_, err := t.change(ctx, s, "notification")
	return err
}
