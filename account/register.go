package account

import (
	"context"

	"github.com/pontage/pontage"
)

// RegisterInput is what a person registers with.
type RegisterInput struct {
	Email    string
	Password string
	// Name is at most 200 characters and may be empty.
	Name string
}

// Register mails a link to the address; user and account are made when it is followed, so that nobody occupies an address that is not
// theirs. For an address that has an account the answer is the same, and its owner gets a mail that says so. InvalidInput at "/email",
// "/password" or "/name"; RateLimited for many registrations from one address; Unavailable where too many register at once.
func (s *Service) Register(ctx context.Context, by pontage.Actor, in RegisterInput) error {
	if err := checkEmail(in.Email); err != nil {
		return err
	}
	if err := checkPassword(in.Password, in.Email, "/password"); err != nil {
		return err
	}
	if err := pontage.CheckText(in.Name, "/name"); err != nil {
		return err
	}
	if _, err := s.take(ctx, registrationsPerAddress.from(by.Address)); err != nil {
		return err
	}
	hash, err := s.passwords.hash(ctx, in.Password)
	if err != nil {
		return err
	}
	return s.writeTo(ctx, in.Email, func(tx pontage.Tx) error {
		user, err := tx.UserByEmail(ctx, in.Email)
		if err == nil {
			return s.post(ctx, tx, "already_registered", user.Email, noticeLife, letter{Name: user.Profile.Name})
		}
		if pontage.CodeOf(err) != pontage.NotFound {
			return err
		}
		return s.confirm(ctx, tx, pontage.Confirmation{
			Kind: pontage.ConfirmRegistration, Email: in.Email, Name: in.Name, Password: hash,
		}, in.Name)
	})
}

// ResendVerification mails the link of a registration that waits once more. The answer is the same where there is none. RateLimited for
// many requests from one address.
func (s *Service) ResendVerification(ctx context.Context, by pontage.Actor, email string) error {
	if err := checkEmail(email); err != nil {
		return err
	}
	if _, err := s.take(ctx, mailsPerAddress.from(by.Address)); err != nil {
		return err
	}
	return s.writeTo(ctx, email, func(tx pontage.Tx) error {
		c, err := tx.OpenConfirmation(ctx, pontage.ConfirmRegistration, email, s.clock.Now())
		if pontage.CodeOf(err) == pontage.NotFound {
			return nil
		}
		if err != nil {
			return err
		}
		if _, err := tx.UseConfirmation(ctx, c.ID, s.clock.Now()); err != nil {
			return err
		}
		return s.confirm(ctx, tx, pontage.Confirmation{Kind: c.Kind, Email: c.Email, Name: c.Name, Password: c.Password}, c.Name)
	})
}

// VerifyEmail follows the link of a registration: it makes the user and their account, or the user of an account that the operator
// opened under this e-mail. InvalidInput at "/code"; Conflict where the address was taken meanwhile.
func (s *Service) VerifyEmail(ctx context.Context, by pontage.Actor, code string) (user *pontage.User, err error) {
	err = s.store.Write(ctx, func(tx pontage.Tx) error {
		c, err := s.redeem(ctx, tx, pontage.ConfirmRegistration, code)
		if err != nil {
			return err
		}
		if err := tx.EndConfirmationsTo(ctx, c.Email, s.clock.Now()); err != nil {
			return err
		}
		if user, err = s.open(ctx, tx, c); err != nil {
			return err
		}
		return s.noteUser(ctx, tx, by, user, "user.register", string(user.ID), nil, nil)
	})
	if pontage.CodeOf(err) == pontage.Conflict {
		return nil, pontage.E(pontage.Conflict, "This e-mail address has an account already.").Because(err)
	}
	if err != nil {
		return nil, err
	}
	return user, nil
}

// open makes the user of a proven e-mail, and the account where there is none.
func (s *Service) open(ctx context.Context, tx pontage.Tx, c *pontage.Confirmation) (*pontage.User, error) {
	now := s.clock.Now()
	account, err := tx.AccountByEmail(ctx, c.Email)
	if pontage.CodeOf(err) == pontage.NotFound {
		account = &pontage.Account{ID: pontage.NewAccountID(now), Email: c.Email, Name: c.Name, CreatedAt: now}
		if err = tx.InsertAccount(ctx, *account); err == nil {
			err = tx.PutPlan(ctx, pontage.Plan{AccountID: account.ID, Kind: pontage.PlanBasic, Since: now, UpdatedAt: now})
		}
		if err == nil {
			err = s.opened(ctx, tx, account.ID)
		}
	}
	if err != nil {
		return nil, err
	}
	user := s.newUser(account)
	user.Password, user.PasswordAt = c.Password, now
	if c.Name != "" {
		user.Profile.Name = c.Name
	}
	return user, tx.InsertUser(ctx, *user)
}

// writeTo runs do as one unit of work if the person behind an e-mail got few mails lately; otherwise nothing happens, and nobody is told.
func (s *Service) writeTo(ctx context.Context, email string, do func(pontage.Tx) error) error {
	now, c := s.clock.Now(), mailsPerPerson.of(email)
	return s.store.Write(ctx, func(tx pontage.Tx) error {
		hit := pontage.RateHit{ID: pontage.NewRateHitID(now), Key: c.key(), At: now, ExpiresAt: now.Add(c.window)}
		full, err := tx.TakeHit(ctx, hit, c.most)
		if err != nil || !full.IsZero() {
			return err
		}
		return do(tx)
	})
}
