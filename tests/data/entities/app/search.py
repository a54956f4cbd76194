"""Finds the page that a question is about."""

import argparse

from sentence_transformers import CrossEncoder, SentenceTransformer


class Search:
    def __init__(self, embedder="jinaai/jina-embeddings-v3", reranker=None):
        self.embedder = embedder
        self.reranker = reranker

    def open(self):
        self.vectors = SentenceTransformer(self.embedder, trust_remote_code=True)
        self.scores = CrossEncoder(self.reranker)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--reranker", default="BAAI/bge-reranker-base")
    Search(reranker=parser.parse_args().reranker).open()
