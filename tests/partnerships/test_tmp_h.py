import time, gc, cProfile, pstats
from tests.partnerships.test_concurrency import *
def test_x(browsers):
    paper = AgreementFactory(with_parties=PARTIES)
    sent = [change_of(paper, title=f"Judul {index}") for index in range(MANY)]
    browsers[0].post(page_of(paper), sent[0])
    t=time.process_time()
    for i in range(1,9): assert sent_by(browsers[i], page_of(paper), sent[i])[0]==409
    print('seq', (time.process_time()-t)/8)
    for n in (8,24):
        t=time.process_time()
        all_at_once(n, lambda index: sent_by(browsers[index], page_of(paper), sent[index]))
        print('par', n, (time.process_time()-t)/n)
    gc.disable()
    t=time.process_time()
    all_at_once(n, lambda index: sent_by(browsers[index], page_of(paper), sent[index]))
    print('par nogc', n, (time.process_time()-t)/n)
    gc.enable()
    pr=cProfile.Profile(); pr.enable()
    for i in range(1,4): sent_by(browsers[i], page_of(paper), sent[i])
    pr.disable(); pstats.Stats(pr).sort_stats('tottime').print_stats(14)
