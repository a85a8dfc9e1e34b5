package partner

import (
	"context"
	"time"

	"github.com/pontage/pontage"
)

// SetDisabled shuts a client out, or lets it in again: sign-in and API use end at once, nothing is deleted. Needs ClientDisable.
func (s *Service) SetDisabled(ctx context.Context, by pontage.Actor, id pontage.ClientID, disabled bool) (client *pontage.Client, err error) {
	err = s.change(ctx, by, id, pontage.ClientDisable, func(tx pontage.Tx, a *pontage.Authority) (any, error) {
		client = &a.Client
		if client.DisabledAt.IsZero() != disabled {
			return client, nil
		}
		before, action := stateFields(client), "client.enable"
		client.DisabledAt = time.Time{}
		if disabled {
			client.DisabledAt, action = s.clock.Now(), "client.disable"
		}
		if err := tx.UpdateClient(ctx, *client); err != nil {
			return nil, err
		}
		return client, s.note(ctx, tx, by, client, action, string(id), before, stateFields(client))
	})
	s.forgetClients()
	if err != nil {
		return nil, err
	}
	return client, nil
}

// stateFields are what the audit log says of whether a client may be used.
func stateFields(c *pontage.Client) pontage.AuditFields {
	return pontage.AuditFields{"disabledAt": moment(c.DisabledAt)}
}

// DeleteInput asks for the end of a client. Confirmation is typed: the client's name.
type DeleteInput struct {
	ClientID     pontage.ClientID
	Confirmation string
}

// Delete ends a client for good: its secrets and tokens are dead at once, its domains and members are gone. Its name stays for the books and the audit log. Needs
// ClientDelete; InvalidInput at "/confirmation", saying what to type.
func (s *Service) Delete(ctx context.Context, by pontage.Actor, in DeleteInput) error {
	err := s.change(ctx, by, in.ClientID, pontage.ClientDelete, func(tx pontage.Tx, a *pontage.Authority) (any, error) {
		client := &a.Client
		if in.Confirmation != client.Name {
			return nil, pontage.E(pontage.InvalidInput, "Type %q to confirm.", client.Name).At("/confirmation")
		}
		if err := tx.DeleteClient(ctx, client.ID, s.clock.Now()); err != nil {
			return nil, err
		}
		return client, s.note(ctx, tx, by, client, "client.delete", string(client.ID), pontage.AuditFields{"name": client.Name}, nil)
	})
	s.forgetClients()
	return err
}

// forgetClients makes what is remembered of clients be read again, here and in the packages that remember their tokens.
func (s *Service) forgetClients() {
	s.ForgetOwners()
	s.changed()
}
