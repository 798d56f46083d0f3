import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tending.web.settings")
application = get_wsgi_application()

# After the application, which has to be set up before anything of it can be imported.
from tending.show.charts.rendering import warm_up_beside  # noqa: E402

warm_up_beside()
