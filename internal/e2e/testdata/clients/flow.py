"""Makes a token with the account's credentials and reads the wallet with the token."""
import base64
import os

from client import AuthenticatedClient
from client.api.tokens import create_token
from client.api.wallet import get_wallet
from client.models import TokenAnswer, TokenCreate, WalletAnswer

url = os.environ["PONTAGE_URL"]
basic = base64.b64encode(f"{os.environ['PONTAGE_EMAIL']}:{os.environ['PONTAGE_KEY']}".encode()).decode()
account = AuthenticatedClient(base_url=url, token=basic, prefix="Basic")
made = create_token.sync(client=account, body=TokenCreate(scopes=["GET:*/*"]))
assert isinstance(made, TokenAnswer), made
wallet = get_wallet.sync(client=AuthenticatedClient(base_url=url, token=made.data.token))
assert isinstance(wallet, WalletAnswer), wallet
print("credit", wallet.data.credit)
