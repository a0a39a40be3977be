/** The contract between forms and server actions; declared in lib/edge, which answers it, because imports only go down. */
export {
  type FormAction,
  type FormState,
  formError,
  idle,
  type RevealedSecret,
  submittedValues,
} from '@/lib/edge/form-state';
