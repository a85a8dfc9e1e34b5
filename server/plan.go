package server

import (
	"errors"
	"fmt"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/partner"
)

func (c Config) planProblem() error {
	_, err := c.enterpriseFee()
	if c.BasicRequests < 0 {
		err = errors.Join(err, fmt.Errorf("basic-requests: %d is less than none", c.BasicRequests))
	}
	return err
}

// enterpriseFee is what Enterprise costs a month; empty is the usual fee.
func (c Config) enterpriseFee() (pontage.Money, error) {
	if c.EnterpriseFee == "" {
		return partner.EnterpriseFee, nil
	}
	fee, err := pontage.ParseMoney(c.EnterpriseFee)
	if err != nil || fee < 0 {
		return 0, fmt.Errorf("enterprise-fee: %q is no amount of money", c.EnterpriseFee)
	}
	return fee, nil
}
