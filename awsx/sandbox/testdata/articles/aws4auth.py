"""What the authors import as requests_aws4auth, with botocore's own signer."""
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from requests.auth import AuthBase


class AWS4Auth(AuthBase):
    def __init__(self, credentials, region, service):
        self.signer = SigV4Auth(credentials, service, region)

    def __call__(self, r):
        signed = AWSRequest(method=r.method, url=r.url, data=r.body, headers={"Content-Type": r.headers["Content-Type"]})
        self.signer.add_auth(signed)
        r.headers.update(dict(signed.headers))
        return r
