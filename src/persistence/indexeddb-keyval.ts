export { get, getMany, promisifyRequest, set, type UseStore } from 'idb-keyval';
