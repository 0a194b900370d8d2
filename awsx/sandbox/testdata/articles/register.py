"""Registers a snapshot repository as the articles do, who copied it from AWS.

register.py NAME HOST REPOSITORY SETTINGS [unsigned | USER:PASSWORD]
"""
import json
import os
import sys

import boto3
import requests
from aws4auth import AWS4Auth

name, host, repository, settings = sys.argv[1:5]
region = os.environ["AWS_REGION"]
service = "es"
awsauth = AWS4Auth(boto3.Session().get_credentials(), region, service)
if len(sys.argv) > 5:
    awsauth = None if sys.argv[5] == "unsigned" else tuple(sys.argv[5].split(":", 1))

url = "https://" + host + "/_snapshot/" + repository
payload = {"type": "s3", "settings": json.loads(settings)}
headers = {"Content-Type": "application/json"}
r = requests.put(url, auth=awsauth, json=payload, headers=headers)
print("==", name, r.status_code)
print(r.text)
