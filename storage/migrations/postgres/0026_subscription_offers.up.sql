-- JSON array of what is for sale: term, requests, price.
ALTER TABLE scopes ADD COLUMN subscriptions TEXT;
