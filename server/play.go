package server

import (
	"errors"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/sandbox"
)

// amounts gives both; what is empty is the default.
func (p Play) amounts() (perDay, start pontage.Money, err error) {
	perDay, perDayErr := amount(p.CreditPerDay, sandbox.DefaultPerDay)
	start, startErr := amount(p.StartCredit, sandbox.DefaultStart)
	return perDay, start, errors.Join(
		check(perDayErr == nil && perDay > 0, "sandbox-credit-per-day: %q is no amount above zero", p.CreditPerDay),
		check(startErr == nil && start > 0, "sandbox-start-credit: %q is no amount above zero", p.StartCredit),
	)
}

func amount(text string, otherwise pontage.Money) (pontage.Money, error) {
	if text == "" {
		return otherwise, nil
	}
	return pontage.ParseMoney(text)
}

func (p Play) problem() error {
	_, _, err := p.amounts()
	return err
}

// playMoney makes what gives it.
func playMoney(i *Instance) (*sandbox.Service, error) {
	perDay, start, err := i.Config.Play.amounts()
	if err != nil {
		return nil, err
	}
	return sandbox.New(sandbox.Config{Store: i.Store, Clock: i.clock, PerDay: perDay, Start: start}), nil
}
