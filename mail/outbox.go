package mail

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/pontage/pontage"
)

// Store is what the outbox needs of the store; pontage.Store has it.
type Store interface {
	pontage.MailReader
	Write(ctx context.Context, do func(pontage.Tx) error) error
}

// Sender delivers messages; SMTP is one.
type Sender interface {
	Send(ctx context.Context, m Message) error
}

// OutboxConfig is what an Outbox is made of; all but Sender is required.
type OutboxConfig struct {
	Store Store
	Clock pontage.Clock
	Keys  *pontage.KeyRing
	// Sender is nil where there is no mail server: everything stays in the outbox.
	Sender Sender
	Logger *slog.Logger
}

// Outbox sends what the rules wrote, and shows it to the operator.
type Outbox struct{ OutboxConfig }

// NewOutbox makes an Outbox.
func NewOutbox(c OutboxConfig) (*Outbox, error) {
	if c.Store == nil || c.Clock == nil || c.Keys == nil || c.Logger == nil {
		return nil, errors.New("mail: Store, Clock, Keys and Logger are required")
	}
	return &Outbox{c}, nil
}

const (
	// lookEvery is how often the outbox is looked at.
	lookEvery = 2 * time.Second
	// leaseRows are taken at once, for leaseTime, which is more than they can take.
	leaseRows = 10
	leaseTime = 5 * time.Minute
)

// pauses are the waits after the first attempts that failed; the last one repeats.
var pauses = []time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour, 4 * time.Hour}

// Run sends until ctx ends. A database that is away is tried again with the next look.
func (o *Outbox) Run(ctx context.Context) {
	ticker := time.NewTicker(lookEvery)
	defer ticker.Stop()
	for o.Sender != nil {
		if _, err := o.SendDue(ctx); err != nil && ctx.Err() == nil {
			o.Logger.Warn("the outbox was not sent", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
	<-ctx.Done()
}

// SendDue sends what is due and says how many mails went out.
func (o *Outbox) SendDue(ctx context.Context) (sent int, err error) {
	for {
		due, err := o.Store.MailsDue(ctx, o.Clock.Now())
		if err != nil || due == 0 || o.Sender == nil {
			return sent, err
		}
		leased, err := o.lease(ctx)
		if err != nil || len(leased) == 0 {
			return sent, err
		}
		for _, m := range leased {
			went, err := o.send(ctx, m)
			if err != nil {
				return sent, err
			}
			if went {
				sent++
			}
		}
	}
}

func (o *Outbox) lease(ctx context.Context) (leased []pontage.Mail, err error) {
	now := o.Clock.Now()
	err = o.Store.Write(ctx, func(tx pontage.Tx) error {
		leased, err = tx.LeaseMails(ctx, now, now.Add(leaseTime), leaseRows)
		return err
	})
	return leased, err
}

// send delivers one mail and notes what became of it; an error is the store's.
func (o *Outbox) send(ctx context.Context, m pontage.Mail) (bool, error) {
	text, err := m.Text(o.Keys)
	if err == nil {
		err = o.Sender.Send(ctx, Message{ID: string(m.ID), Recipient: m.Recipient, Subject: m.Subject, Text: text, At: m.CreatedAt})
	} else {
		err = permanent{err}
	}
	now := o.Clock.Now()
	switch {
	case err == nil:
		m.SentAt, m.Failure, m.Sealed = now, "", nil
	case Permanent(err):
		m.SendBy, m.Failure = now, err.Error()
	default:
		m.NextAt, m.Failure = now.Add(pauses[min(m.Attempts, len(pauses))-1]), err.Error()
	}
	if err != nil {
		o.Logger.Warn("a mail was not sent", "mail", m.ID, "kind", m.Kind, "attempt", m.Attempts, "error", err)
	}
	// It went out or it did not: that is noted also where the process is stopping.
	return err == nil, o.Store.Write(context.WithoutCancel(ctx), func(tx pontage.Tx) error {
		return tx.UpdateMail(context.WithoutCancel(ctx), m)
	})
}

// List gives the outbox, newest first. The operator only.
func (o *Outbox) List(ctx context.Context, by pontage.Actor, page pontage.Keyset) ([]pontage.Mail, error) {
	if by.Kind != pontage.ActorOperator {
		return nil, errOperator
	}
	return o.Store.Mails(ctx, page)
}

// Show gives one mail with its text, which is empty once it was sent. The operator only; NotFound.
func (o *Outbox) Show(ctx context.Context, by pontage.Actor, id pontage.MailID) (*pontage.Mail, string, error) {
	if by.Kind != pontage.ActorOperator {
		return nil, "", errOperator
	}
	m, err := o.Store.Mail(ctx, id)
	if err != nil {
		return nil, "", err
	}
	text, err := m.Text(o.Keys)
	return m, text, err
}

var errOperator = pontage.E(pontage.Forbidden, "Only the operator may do this.")
