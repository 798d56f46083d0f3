import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tending.web.settings")
application = get_wsgi_application()

if proxy := os.environ.get("TENDING_PROXY"):
    # Without it the audit trail would record the proxy's address for everybody.
    from granian.utils.proxies import wrap_wsgi_with_proxy_headers

    application = wrap_wsgi_with_proxy_headers(application, trusted_hosts=proxy.split(","))
