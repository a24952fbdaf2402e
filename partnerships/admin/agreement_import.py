def view_of(model_admin):
    def view(request):
        raise NotImplementedError
    return view
