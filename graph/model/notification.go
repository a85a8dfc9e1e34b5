package model

import "github.com/pontage/pontage"

// The pages of notifications.
type (
	NotificationConnection = Connection[pontage.Notification]
	NotificationEdge       = Edge[pontage.Notification]
)

// NotificationFilter says which notifications a list shows.
type NotificationFilter struct{ Unread bool }

// MarkNotificationsReadInput and its siblings are the inputs and payloads of the mutations on notifications.
type (
	MarkNotificationsReadInput   struct{ IDs []pontage.NotificationID }
	MarkNotificationsReadPayload struct{ Read int }
	ChooseNotificationsInput     struct {
		Preferences []pontage.NotificationPreference
	}
	ChooseNotificationsPayload struct {
		Preferences []pontage.NotificationPreference
	}
)
