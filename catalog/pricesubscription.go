package catalog

import (
	"slices"

	"github.com/pontage/pontage"
)

// mostRequests is the most calls a subscription may hold.
const mostRequests = 1_000_000_000_000

// readSubscriptions reads what is for sale: a list in which no term has the same number of requests twice, or false.
func (e *scopeEntry) readSubscriptions(at place) error {
	e.subscriptions = []pontage.SubscriptionOffer{}
	if at.isFalse() {
		return nil
	}
	return at.eachItem(func(item place) error {
		offer, err := readSubscription(item)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(e.subscriptions, func(o pontage.SubscriptionOffer) bool {
			return o.Term == offer.Term && o.Requests == offer.Requests
		}) {
			return item.wrong("stands twice")
		}
		e.subscriptions = append(e.subscriptions, offer)
		return nil
	})
}

// readSubscription reads one offer; all three keys are needed, a price of 0 must be written.
func readSubscription(at place) (offer pontage.SubscriptionOffer, err error) {
	priced := false
	err = at.each(map[string]func(place) error{
		"term": func(v place) error {
			text, err := v.text()
			if offer.Term = pontage.Term(text); err == nil && offer.Term.Length() == 0 {
				err = v.wrong("must be monthly or annual")
			}
			return err
		},
		"requests": func(v place) (err error) {
			offer.Requests, err = v.integer(1, mostRequests)
			return err
		},
		"price": func(v place) (err error) {
			priced = true
			if offer.Price, err = v.amount(); err == nil && offer.Price > pontage.MaxMoney {
				err = v.wrong("is too much")
			}
			return err
		},
	})
	if err == nil && (offer.Term == "" || offer.Requests == 0 || !priced) {
		err = at.wrong("needs term, requests and price")
	}
	return offer, err
}
